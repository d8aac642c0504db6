using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Gaw.Tests.Support;

/// <summary>What a failure frame looks like.</summary>
public enum FailureForm
{
    /// <summary><c>{"succ": false, "data": {"name": …}}</c>, as the original server writes it.</summary>
    Nested,

    /// <summary><c>{"succ": false, "name": …}</c>, as the original client looks for it.</summary>
    Flat,

    /// <summary>Both in one.</summary>
    Both,
}

/// <summary>
/// A server for tests of clients: a script runs for each connection and does what a test wants done to its client. The connection closes
/// where the script ends: by FIN, or, as TCP has it, by RST if there are bytes the script has not read. Canned scripts: <see cref="CloseAtOnce"/> and its neighbours, <c>BadServer.Start(BadServer.CloseAtOnce)</c>.
/// </summary>
public sealed class BadServer : IAsyncDisposable
{
    private readonly Socket _listener;
    private readonly WireCode _code;
    private readonly Func<Connection, Task> _script;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentQueue<BadRequest> _requests = new();
    private readonly ConcurrentQueue<Exception> _faults = new();
    private readonly ConcurrentBag<Task> _running = [];
    private readonly Tally _connections = new("connections");
    private readonly Tally _arrived = new("requests");
    private readonly Tally _closed = new("closed connections");
    private readonly Task _accepting;

    private BadServer(Func<Connection, Task> script, WireCode code, int port)
    {
        _script = script;
        _code = code;
        _listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        _listener.Listen(512);
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
        _accepting = AcceptAsync();
    }

    /// <summary>Of 127.0.0.1.</summary>
    public int Port { get; }

    public long ConnectionCount => _connections.Value;

    /// <summary>The whole requests that scripts have read.</summary>
    public long RequestCount => _arrived.Value;

    /// <inheritdoc cref="RequestCount"/>
    public IReadOnlyCollection<BadRequest> Requests => _requests;

    /// <summary>Answers with the first digit of the length line, then FIN.</summary>
    public static Func<Connection, Task> CutInLengthLine { get; } = CutAfter(1);

    /// <summary>Answers with half of the frame, then FIN.</summary>
    public static Func<Connection, Task> CutInBody { get; } = CutAfter(null);

    /// <summary>Is listening when this returns.</summary>
    /// <param name="script">Runs once for each connection. What it throws fails the test at disposal, save what a client gone away makes it throw.</param>
    /// <param name="code">How frames are protected; <see langword="null"/> is plain.</param>
    /// <param name="port">0 takes a free one; another is for a server that comes back where one was before.</param>
    public static BadServer Start(Func<Connection, Task> script, WireCode? code = null, int port = 0) => new(script, code ?? WireCode.Plain, port);

    public Task WaitForConnectionsAsync(int count) => _connections.WaitForAsync(count);

    public Task WaitForRequestsAsync(int count) => _arrived.WaitForAsync(count);

    /// <summary>Completes once <paramref name="count"/> connections are over: their scripts have ended.</summary>
    public Task WaitForClosedAsync(int count) => _closed.WaitForAsync(count);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        await _accepting.WithinAsync(TestTimeouts.Limit, () => "the bad server did not stop accepting.");
        await Task.WhenAll(_running).WithinAsync(TestTimeouts.Limit, () => "a script of the bad server did not end.");
        _stopping.Dispose();
        if (!_faults.IsEmpty)
        {
            throw new AggregateException("A script of the bad server failed.", _faults);
        }
    }

    /// <summary>Each connection its own script, in the order they come; the last one goes on for all further ones.</summary>
    public static Func<Connection, Task> InTurn(params Func<Connection, Task>[] scripts) =>
        connection => scripts[Math.Min(connection.Index, scripts.Length - 1)](connection);

    /// <summary>As the original: one request at a time, in order.</summary>
    /// <param name="result">Gives the result's JSON text; <see langword="null"/> gives each a <c>null</c>.</param>
    public static Func<Connection, Task> Answering(Func<BadRequest, string>? result = null) =>
        connection => connection.ForEachAsync(request => connection.AnswerAsync(request, result?.Invoke(request) ?? "null"));

    /// <summary>FIN before a request is read.</summary>
    public static Task CloseAtOnce(Connection connection)
    {
        connection.Close();
        return Task.CompletedTask;
    }

    /// <summary>RST before a request is read; a client may meet it as early as in connecting.</summary>
    public static Task ResetAtOnce(Connection connection)
    {
        connection.Reset();
        return Task.CompletedTask;
    }

    /// <summary>FIN in place of the first answer.</summary>
    public static Task CloseAfterRequest(Connection connection) => connection.ReadRequestAsync();

    /// <summary>RST in place of the first answer.</summary>
    public static async Task ResetAfterRequest(Connection connection)
    {
        await connection.ReadRequestAsync();
        connection.Reset();
    }

    /// <summary>Reads requests and never answers, until the client closes.</summary>
    public static Task Hang(Connection connection) => connection.ForEachAsync(_ => Task.CompletedTask);

    /// <summary>Answers with the first <paramref name="bytes"/> of the frame (<see langword="null"/>: half of it), then FIN.</summary>
    public static Func<Connection, Task> CutAfter(int? bytes) => async connection =>
    {
        if (await connection.ReadRequestAsync() is { } request)
        {
            byte[] frame = connection.Code.Frame(Answer(request.Id, "null"));
            await connection.SendAsync(frame[..(bytes ?? (frame.Length / 2))]);
        }
    };

    /// <summary>Answers each request with an id that nobody asked with.</summary>
    public static Task WrongId(Connection connection) => connection.ForEachAsync(request => connection.SendFrameAsync(Answer("1" + request.Id, "null")));

    /// <summary>Answers each request twice, in one write.</summary>
    public static Task AnswerTwice(Connection connection) => connection.ForEachAsync(request =>
        connection.SendAsync([.. connection.Code.Frame(Answer(request.Id, "1")), .. connection.Code.Frame(Answer(request.Id, "2"))]));

    /// <summary>Reads a request, waits, answers; then goes on in order.</summary>
    /// <param name="until">What the first answer waits for.</param>
    /// <param name="result">As at <see cref="Answering"/>.</param>
    public static Func<Connection, Task> LateAnswer(Task until, Func<BadRequest, string>? result = null) => connection => connection.ForEachAsync(async request =>
    {
        await until.WaitAsync(connection.Stopping);
        await connection.AnswerAsync(request, result?.Invoke(request) ?? "null");
    });

    /// <summary>Answers each request with a line that is no length line.</summary>
    public static Task Garbage(Connection connection) => connection.ForEachAsync(_ => connection.SendAsync("HTTP/1.1 400 Bad Request\r\n\r\n"));

    /// <summary>Answers each request with a frame whose payload is no document of this mode.</summary>
    public static Task GarbageInFrame(Connection connection) =>
        connection.ForEachAsync(_ => connection.SendAsync(WireCode.Framed([.. Enumerable.Range(128, 100).Select(value => (byte)value)])));

    /// <summary>Answers each request with this document, whatever it is, in a good frame.</summary>
    public static Func<Connection, Task> Saying(string json) => connection => connection.ForEachAsync(_ => connection.SendFrameAsync(json));

    /// <summary>Answers each request with a failure frame.</summary>
    public static Func<Connection, Task> Failure(FailureForm form, string name = "ValueError", string message = "not a frame") => Saying(ErrorFrame(form, name, message));

    /// <summary>Answers with digits and never a line feed, until the client closes.</summary>
    public static async Task EndlessLengthLine(Connection connection)
    {
        await connection.ReadRequestAsync();
        string digits = new('1', 4096);
        while (true)
        {
            connection.Stopping.ThrowIfCancellationRequested();
            await connection.SendAsync(digits);
        }
    }

    /// <summary>Answers each request with a length line of this size and one byte, then waits for the client to close.</summary>
    public static Func<Connection, Task> HugeLength(long bytes) => connection => connection.ForEachAsync(_ => connection.SendAsync($"{bytes}\n{{"));

    /// <summary>The document of an answer.</summary>
    /// <param name="id">JSON text.</param>
    /// <param name="payload">JSON text: the result, or the error's object.</param>
    /// <param name="success">Whether the method returned.</param>
    public static string Answer(string id, string payload, bool success = true) =>
        $$$"""{"succ": true, "data": {"_v": {"resp_to": {{{id}}}, "success": {{{(success ? "true" : "false")}}}, "payload": {{{payload}}}}, "_t": "ResponseDataType"}}""";

    /// <summary>The payload of an answer that says a method failed.</summary>
    /// <summary>The first answer of a .NET server to a .NET client: says that it answers each call as soon as it is done.</summary>
    public static string FirstAnswer(string id, string payload) => $"{Answer(id, payload)[..^1]}, \"meta\": {{}}}}";

    public static string Error(string name, string message, string? trace = null) =>
        $$"""{"name": {{RawPeer.Quoted(name)}}, "message": {{RawPeer.Quoted(message)}}, "trace": {{(trace is null ? "null" : RawPeer.Quoted(trace))}}}""";

    /// <summary>The document of a failure frame.</summary>
    public static string ErrorFrame(FailureForm form, string name = "ValueError", string message = "not a frame")
    {
        string error = Error(name, message);
        return form switch
        {
            FailureForm.Nested => $$"""{"succ": false, "data": {{error}}}""",
            FailureForm.Flat => $$"""{"succ": false, {{error[1..]}}""",
            _ => $$"""{"succ": false, "data": {{error}}, {{error[1..]}}""",
        };
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                Socket socket = await _listener.AcceptAsync(_stopping.Token);
                Connection connection = new Connection(this, socket, (int)_connections.Add());
                _running.Add(Task.Run(() => RunAsync(connection)));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // Disposed.
        }
    }

    private async Task RunAsync(Connection connection)
    {
        try
        {
            await _script(connection);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException
            || (e is OperationCanceledException && _stopping.IsCancellationRequested))
        {
            // The client has gone, the script closed, or the test is over.
        }
        catch (Exception e)
        {
            _faults.Enqueue(e);
        }
        finally
        {
            await connection.DisposeAsync();
            _closed.Add();
        }
    }

    /// <summary>One accepted connection. Its waits end with the server, not with a time limit: a client may take its time.</summary>
    public sealed class Connection : RawPeer
    {
        private readonly BadServer _server;

        internal Connection(BadServer server, Socket socket, int index)
            : base(socket, server._code, Timeout.InfiniteTimeSpan, server._stopping.Token)
        {
            _server = server;
            Index = index;
        }

        /// <summary>0 for the first connection.</summary>
        public int Index { get; }

        /// <summary>Cancelled when the server is disposed.</summary>
        public CancellationToken Stopping => _server._stopping.Token;

        /// <returns>The next request, which is counted, or <see langword="null"/> when the client closed.</returns>
        public async Task<BadRequest?> ReadRequestAsync()
        {
            if (await ReadFrameAsync() is not { } json)
            {
                return null;
            }

            using JsonDocument document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 4096 });
            JsonElement request = document.RootElement.GetProperty("_v");
            JsonElement payload = request.GetProperty("payload");
            BadRequest arrived = new BadRequest(
                json,
                request.GetProperty("id").GetRawText(),
                request.GetProperty("path").GetString()!,
                payload.GetProperty("args").GetRawText(),
                payload.GetProperty("kwargs").GetRawText());
            _server._requests.Enqueue(arrived);
            _server._arrived.Add();
            return arrived;
        }

        /// <summary>Reads requests one at a time, until the client closes.</summary>
        public async Task ForEachAsync(Func<BadRequest, Task> work)
        {
            while (await ReadRequestAsync() is { } request)
            {
                await work(request);
            }
        }

        /// <param name="request">What is answered.</param>
        /// <param name="result">JSON text in wire form.</param>
        public Task AnswerAsync(BadRequest request, string result = "null") => SendFrameAsync(Answer(request.Id, result));

        /// <summary>Answers that the method failed.</summary>
        public Task FailAsync(BadRequest request, string name, string message, string? trace = null) =>
            SendFrameAsync(Answer(request.Id, Error(name, message, trace), success: false));

        /// <summary>Reads and forgets until the client has closed, in order or by a reset.</summary>
        public async Task WaitForCloseAsync()
        {
            try
            {
                await ReadToEndAsync();
            }
            catch (SocketException)
            {
                // A reset is an end as well.
            }
        }
    }
}

/// <summary>A request as it arrived.</summary>
/// <param name="Json">The document.</param>
/// <param name="Id">The id's JSON text, with every digit.</param>
/// <param name="Path">The path itself.</param>
/// <param name="Args">The JSON text of the arguments by position, in wire form.</param>
/// <param name="Kwargs">The JSON text of the arguments by name.</param>
public sealed record BadRequest(string Json, string Id, string Path, string Args, string Kwargs);
