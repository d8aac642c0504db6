using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Gaw.Tests.Support;

/// <summary>
/// Starts <c>peer.py</c>, the stand-in for the Python original: a process of its own that speaks the original's protocol.
/// Where there is no Python 3 the test is skipped with that reason.
/// </summary>
public static class PythonPeer
{
    private static readonly Lazy<Task<string?>> Interpreter = new(FindInterpreterAsync);

    /// <summary>A server on a free port of 127.0.0.1 that is listening when this returns.</summary>
    /// <param name="secret">Base64 text; <see langword="null"/> speaks plain.</param>
    /// <param name="encrypt">Whether frames are encrypted, not only signed.</param>
    /// <param name="twoWrites">Whether it writes as the original does: length line and payload apart, with Nagle's rule on.</param>
    public static async Task<PythonServer> StartServerAsync(string? secret = null, bool encrypt = false, bool twoWrites = false)
    {
        PythonProcess process = await StartAsync(["serve", .. Mode(secret, encrypt, twoWrites)]);
        try
        {
            string line = await process.ReadLineAsync("it did not say on which port it listens");
            return new PythonServer(process, int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture));
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>A client that connects at its first command and then keeps its connection.</summary>
    /// <param name="port">Where the server listens on <paramref name="host"/>.</param>
    /// <param name="secret">Base64 text; <see langword="null"/> speaks plain.</param>
    /// <param name="encrypt">Whether frames are encrypted, not only signed.</param>
    /// <param name="twoWrites">Whether it writes as the original does: length line and payload apart, with Nagle's rule on.</param>
    /// <param name="retries">The original's <c>retries</c>: how often a lost call is sent again, 1 s apart. The original's default is without end.</param>
    /// <param name="host">The server's address.</param>
    public static async Task<PythonClient> StartClientAsync(
        int port, string? secret = null, bool encrypt = false, bool twoWrites = false, int retries = 0, string host = "127.0.0.1") =>
        new(await StartAsync(["client", host, $"{port}", "--retries", $"{retries}", .. Mode(secret, encrypt, twoWrites)]));

    /// <summary>Has <c>peer.py</c> hold itself against all recorded frames.</summary>
    /// <returns>Its exit code and what it said: one line for each frame it is at odds with, then a line of counts.</returns>
    public static async Task<(int ExitCode, string Said)> SelfTestAsync()
    {
        await using PythonProcess process = await StartAsync(["selftest", Beside("vectors.json")]);
        return await process.RunToEndAsync();
    }

    internal static string Beside(string name) => Path.Combine(AppContext.BaseDirectory, "Support", name);

    private static IEnumerable<string> Mode(string? secret, bool encrypt, bool twoWrites)
    {
        if (secret is not null)
        {
            yield return "--secret=" + secret;
        }

        if (encrypt)
        {
            yield return "--encrypt";
        }

        if (twoWrites)
        {
            yield return "--two-writes";
        }
    }

    private static async Task<PythonProcess> StartAsync(IEnumerable<string> arguments)
    {
        string? interpreter = await Interpreter.Value;
        Assert.SkipWhen(interpreter is null, "There is no Python 3.8 or later on the path (python3, python), and this test needs one to be the original's stand-in.");
        return new PythonProcess(interpreter!, ["-I", "-S", "-X", "utf8", Beside("peer.py"), .. arguments]);
    }

    private static async Task<string?> FindInterpreterAsync()
    {
        foreach (string name in (string[])["python3", "python"])
        {
            try
            {
                await using PythonProcess process = new PythonProcess(name, ["-c", "import sys; sys.exit(sys.version_info < (3, 8))"]);
                if ((await process.RunToEndAsync()).ExitCode == 0)
                {
                    return name;
                }
            }
            catch (Win32Exception)
            {
                // This name is not on the path.
            }
        }

        return null;
    }
}

/// <summary>
/// <c>peer.py serve</c>. Its services: <c>math_service/plus, multiply</c>, <c>math_result/compute</c>, and <c>v/echo, describe, nothing,
/// opt, text, size, sleep, count, fail_value, fail_empty, fail_key, fail_custom, fail_exit, bad, inf_key</c>.
/// </summary>
public sealed class PythonServer : IAsyncDisposable
{
    private readonly PythonProcess _process;

    internal PythonServer(PythonProcess process, int port) => (_process, Port) = (process, port);

    public int Port { get; }

    /// <summary>What it wrote on stderr: a line for each connection it closed as the original would, with the reason.</summary>
    public IReadOnlyCollection<string> Complaints => _process.Complaints;

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}

/// <summary><c>peer.py client</c>: one command, one answer; the commands are described at the head of <c>peer.py</c>.</summary>
public sealed class PythonClient : IAsyncDisposable
{
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 4096 };
    private readonly PythonProcess _process;
    private readonly SemaphoreSlim _turn = new(1);

    internal PythonClient(PythonProcess process) => _process = process;

    /// <param name="command">
    /// A text is the command's JSON itself (on one line), for what the serializer would write otherwise, such as <c>3.0</c>; anything else is
    /// serialized: <c>new { path = "v/echo", args = new object[] { 1 } }</c>.
    /// </param>
    /// <returns>The answer: <c>ok</c> and, for a call, <c>result</c>, <c>text</c> and <c>type</c>, or <c>error</c>, <c>name</c>, <c>message</c>, <c>trace</c>.</returns>
    public async Task<JsonElement> SendAsync(object command)
    {
        string text = command as string ?? JsonSerializer.Serialize(command);
        await _turn.WaitAsync();
        try
        {
            await _process.WriteLineAsync(text);
            using JsonDocument document = JsonDocument.Parse(await _process.ReadLineAsync($"no answer came to {text}"), Deep);
            return document.RootElement.Clone();
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Calls <paramref name="path"/> with arguments in wire form, by position.</summary>
    /// <inheritdoc cref="SendAsync"/>
    public Task<JsonElement> CallAsync(string path, params object?[] args) => SendAsync(new { path, args });

    /// <summary>Calls <paramref name="path"/> with the JSON text of the list of its arguments.</summary>
    /// <inheritdoc cref="SendAsync"/>
    public Task<JsonElement> CallTextAsync(string path, string argsJson = "[]", string kwargsJson = "{}") =>
        SendAsync(new { path, args_text = argsJson, kwargs_text = kwargsJson });

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _turn.Dispose();
    }
}

/// <summary>One Python process; it ends by its own when its stdin closes, and is killed by its handle if it does not.</summary>
internal sealed class PythonProcess : IAsyncDisposable
{
    private static readonly TimeSpan FarewellLimit = TimeSpan.FromSeconds(5);
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _complaints = new();

    /// <exception cref="Win32Exception">There is no such program.</exception>
    public PythonProcess(string interpreter, IEnumerable<string> arguments)
    {
        ProcessStartInfo start = new ProcessStartInfo(interpreter, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
            StandardInputEncoding = new UTF8Encoding(false),
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        _process = new Process { StartInfo = start };
        _process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is not null)
            {
                _complaints.Enqueue(line.Data);
            }
        };
        try
        {
            _process.Start();
        }
        catch
        {
            _process.Dispose();
            throw;
        }

        _process.BeginErrorReadLine();
    }

    public IReadOnlyCollection<string> Complaints => _complaints;

    public async Task WriteLineAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line).WithinAsync(TestTimeouts.Limit, () => $"the Python peer did not take: {line}{Said()}");
        await _process.StandardInput.FlushAsync();
    }

    public async Task<string> ReadLineAsync(string otherwise) =>
        await _process.StandardOutput.ReadLineAsync().WithinAsync(TestTimeouts.Limit, () => $"{otherwise}{Said()}")
        ?? throw new InvalidOperationException($"The Python peer ended: {otherwise}{Said()}");

    public async Task<(int ExitCode, string Said)> RunToEndAsync()
    {
        _process.StandardInput.Close();
        string said = await _process.StandardOutput.ReadToEndAsync().WithinAsync(TestTimeouts.Limit, () => $"the Python peer did not end{Said()}");
        await _process.WaitForExitAsync().WithinAsync(TestTimeouts.Limit, () => $"the Python peer did not end{Said()}");
        return (_process.ExitCode, said + string.Join('\n', _complaints));
    }

    public async ValueTask DisposeAsync()
    {
        using (_process)
        {
            try
            {
                _process.StandardInput.Close();
            }
            catch (IOException)
            {
                // It ended before it took its last command.
            }

            try
            {
                await _process.WaitForExitAsync().WaitAsync(FarewellLimit);
            }
            catch (TimeoutException)
            {
                _process.Kill();
                await _process.WaitForExitAsync().WaitAsync(FarewellLimit);
            }
        }
    }

    private string Said() => _complaints.IsEmpty ? "" : $"; on stderr: {string.Join('\n', _complaints)}";
}
