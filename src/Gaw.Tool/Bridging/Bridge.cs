using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Security.Authentication;
using Gaw.Nats.Bridging;
using Gaw.PostOffice;
using Gaw.PostOffice.Addresses;
using Gaw.Tool.Terminals;

namespace Gaw.Tool.Bridging;

/// <summary>Passes documents between TCP and an engine as they are. Only the seals are its own: each side has the same secret.</summary>
/// <param name="engine">The engine's address.</param>
/// <param name="serverOptions">Of the side that takes calls.</param>
/// <param name="clientOptions">Of the side that makes them.</param>
/// <param name="connections">Connections to each TCP server.</param>
internal sealed class Bridge(string engine, GawServerOptions serverOptions, GawClientOptions clientOptions, int connections) : IAsyncDisposable
{
    public const int DefaultConnections = 8;

    private readonly List<IAsyncDisposable> _takers = [];
    private readonly List<IDisposable> _makers = [];

    /// <summary>Works until Ctrl+C, SIGTERM or the token; calls in flight end first.</summary>
    /// <param name="listen">Where TCP callers call; <see langword="null"/>: nowhere.</param>
    /// <param name="served">The services on the engine that TCP servers answer.</param>
    /// <param name="terminal">Where it says what it does.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<int> RunAsync(ServerAddress? listen, IReadOnlyList<(string Service, ServerAddress Server)> served, Terminal terminal, CancellationToken cancellationToken)
    {
        TaskCompletionSource stop = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using CancellationTokenRegistration cancelled = cancellationToken.UnsafeRegister(_ => stop.TrySetResult(), null);
        List<string> said = [];
        if (listen is not null)
        {
            said.Add($"calls at {await ListenAsync(listen, terminal, cancellationToken).ConfigureAwait(false)} go to it");
        }

        foreach (IGrouping<string, (string Service, ServerAddress Server)> server in served.GroupBy(static one => one.Server.ToString()))
        {
            string[] services = [.. server.Select(static one => one.Service).Distinct()];
            await ServeAsync(services, server.First().Server, cancellationToken).ConfigureAwait(false);
            said.Add($"{server.Key} serves {string.Join(", ", services)} on it");
        }

        terminal.Out.WriteLine($"Bridging {string.Join(',', ServerAddresses.Parse(engine, out _))}: {string.Join("; ", said)}. Ctrl+C stops it.");
        await stop.Task.ConfigureAwait(false);
        return ExitCodes.Ok;

        void Stop(PosixSignalContext context)
        {
            // Once more ends the process at once.
            context.Cancel = !stop.Task.IsCompleted;
            stop.TrySetResult();
        }
    }

    public async ValueTask DisposeAsync()
    {
        // Who takes calls first: those that are under way still need who makes them.
        foreach (IAsyncDisposable taker in _takers)
        {
            await taker.DisposeAsync().ConfigureAwait(false);
        }

        _makers.ForEach(static maker => maker.Dispose());
    }

    private async Task<string> ListenAsync(ServerAddress listen, Terminal terminal, CancellationToken cancellationToken)
    {
        NatsDocumentClient client = Make(() => new NatsDocumentClient(engine, clientOptions));
        _makers.Add(client);
        try
        {
            await client.ConnectAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (GawConnectionException e) when (e.InnerException is not AuthenticationException)
        {
            terminal.Complain($"{e.Message} Calls look for it.");
        }

        PostOfficeServer server = new(
            listen.Host,
            listen.Port,
            (document, token) => AnswerAsync(document, (request, sent) => client.SendAsync(request.Path, sent, token)),
            serverOptions);
        _takers.Add(server);
        try
        {
            await server.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (SocketException e)
        {
            throw new ToolException(ExitCodes.Connection, e.Message, e);
        }

        return server.LocalEndPoint.ToString();
    }

    private async Task ServeAsync(string[] services, ServerAddress address, CancellationToken cancellationToken)
    {
        ServerConnections server = new(address.Host, address.Port, clientOptions, connections);
        _makers.Add(server);
        NatsDocumentServer taker = Make(() => new NatsDocumentServer(
            engine, services, (document, token) => AnswerAsync(document, (_, sent) => server.SendAsync(sent, token)), serverOptions));
        _takers.Add(taker);
        await taker.StartAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Whatever fails on the way is answered as an error of the call, never as one of its connection.</summary>
    private static async ValueTask<ReadOnlyMemory<byte>> AnswerAsync(ReadOnlyMemory<byte> document, Func<BridgedRequest, ReadOnlyMemory<byte>, Task<byte[]>> send)
    {
        BridgedRequest request = BridgedRequest.Read(document.Span) ?? throw new ArgumentException("the document is not a request");
        try
        {
            return await send(request, BridgedRequest.InOneReply(document)).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            return request.Reply(e);
        }
    }

    private static T Make<T>(Func<T> make)
    {
        try
        {
            return make();
        }
        catch (ArgumentException e)
        {
            throw ToolException.Usage(ServerAddresses.WithoutParameter(e));
        }
    }
}
