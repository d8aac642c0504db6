using Gaw.Services;

namespace Gaw.Tests.Support;

/// <summary>A server with something to protect: it knows how often its methods ran. Everything it logs is kept; an error of its own fails the test.</summary>
public sealed class GuardedServer : IAsyncDisposable
{
    private GuardedServer(GawServer server, Vault vault, LogCollector log) => (Server, Vault, Log) = (server, vault, log);

    public GawServer Server { get; }

    public Vault Vault { get; }

    public LogCollector Log { get; }

    public int Port => Server.LocalEndPoint.Port;

    public static async Task<GuardedServer> StartAsync(GawServerOptions? options = null, int port = 0, LogCollector? log = null, string host = "127.0.0.1")
    {
        Vault vault = new();
        log ??= new LogCollector();
        GawServer server = new(host, port, (options ?? new GawServerOptions()) with { LoggerFactory = log });
        server.Add(() => new VaultService(vault));
        await server.StartAsync(TestContext.Current.CancellationToken);
        return new GuardedServer(server, vault, log);
    }

    /// <summary>The document of a call that counts.</summary>
    /// <param name="id">JSON text.</param>
    public static string Count(string id = "1") => RawPeer.Request(id, "vault/count");

    /// <summary>Sends bytes on a connection of their own.</summary>
    /// <returns>The answer; <see langword="null"/>: the connection was closed.</returns>
    public async Task<string?> SendOnceAsync(Protection protection, byte[] bytes)
    {
        await using RawPeer peer = await RawPeer.ConnectAsync(Port, protection.Code);
        await peer.SendAsync(bytes);
        return await peer.ReadFrameAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Vault.Open.TrySetResult();
        await Server.DisposeAsync();
        Log.Errors.Should().BeEmpty("the server logs an error only when it has failed itself");
    }
}

/// <summary>What the methods of a <see cref="GuardedServer"/> share.</summary>
public sealed class Vault
{
    private int _runs;
    private int _inside;
    private int _mostInside;

    /// <summary>How often a method ran.</summary>
    public int Runs => Volatile.Read(ref _runs);

    /// <summary>How many ran at once, at most.</summary>
    public int MostInside => Volatile.Read(ref _mostInside);

    /// <summary>How many are inside now.</summary>
    public Tally Entered { get; } = new("calls");

    /// <summary>Lets those who wait inside go on.</summary>
    public TaskCompletionSource Open { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Run() => Interlocked.Increment(ref _runs);

    public void Enter()
    {
        int inside = Interlocked.Increment(ref _inside);
        int most;
        while ((most = _mostInside) < inside && Interlocked.CompareExchange(ref _mostInside, inside, most) != most)
        {
        }

        Entered.Add();
    }

    public void Leave() => Interlocked.Decrement(ref _inside);
}

[Service("vault")]
public sealed class VaultService(Vault vault)
{
    [Entrypoint]
    public int Count(string text = "") => vault.Run();

    [Entrypoint]
    public string Echo(string text)
    {
        vault.Run();
        return text;
    }

    /// <summary>Keeps its thread until the vault is open.</summary>
    [Entrypoint]
    public int Block()
    {
        vault.Enter();
        vault.Open.Task.Wait();
        vault.Leave();
        return vault.Run();
    }

    /// <summary>Waits until the vault is open.</summary>
    [Entrypoint]
    public async Task<int> WaitAsync()
    {
        vault.Enter();
        await vault.Open.Task;
        vault.Leave();
        return vault.Run();
    }

    /// <summary>Is inside for a moment.</summary>
    [Entrypoint]
    public async Task<int> PassAsync(int number)
    {
        vault.Enter();
        await Task.Delay(TimeSpan.FromMilliseconds(number % 7));
        vault.Leave();
        vault.Run();
        return number;
    }

    [Entrypoint]
    public string? Subject(GawCallContext context) => context.ClientCertificate?.Subject;
}
