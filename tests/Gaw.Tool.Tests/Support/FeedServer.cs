using System.Runtime.CompilerServices;

namespace Gaw.Tool.Tests.Support;

/// <summary>A server of streams of all kinds, and what a test sees of them.</summary>
public sealed class FeedServer : IAsyncDisposable
{
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string? _engine;
    private int _made;

    private FeedServer(GawServerOptions? options, string? engine)
    {
        _engine = engine;
        Server = (engine is null ? new GawServer("127.0.0.1", 0, options) : new GawServer(engine, options)).Add<Feed>(this);
    }

    public GawServer Server { get; }

    public string Address => _engine ?? $"127.0.0.1:{Server.LocalEndPoint.Port}";

    /// <summary>One more item of the steps.</summary>
    public SemaphoreSlim Step { get; } = new(0);

    /// <summary>A stream that has no end of its own was left by its caller.</summary>
    public Task Left => _left.Task;

    /// <summary>Items of the endless stream.</summary>
    public int Made => Volatile.Read(ref _made);

    /// <param name="options">Its options.</param>
    /// <param name="engine">The address of an engine to serve on; <see langword="null"/>: it listens to a port.</param>
    public static async Task<FeedServer> StartAsync(GawServerOptions? options = null, string? engine = null)
    {
        FeedServer server = new(options, engine);
        await server.Server.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    public int Make() => Interlocked.Increment(ref _made);

    public void Leave() => _left.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        Step.Dispose();
    }
}

/// <summary>Streams of all kinds, and what is none.</summary>
public sealed class Feed(FeedServer server)
{
    [Entrypoint]
    public async IAsyncEnumerable<int> Count(int to)
    {
        for (int i = 1; i <= to; i++)
        {
            await Task.Yield();
            yield return i;
        }
    }

    [Entrypoint]
    public async IAsyncEnumerable<int> Twice(IAsyncEnumerable<int> items)
    {
        await foreach (int item in items)
        {
            yield return item * 2;
        }
    }

    [Entrypoint]
    public async Task<int> Add(IAsyncEnumerable<int> items)
    {
        int sum = 0;
        await foreach (int item in items)
        {
            sum += item;
        }

        return sum;
    }

    [Entrypoint]
    public async IAsyncEnumerable<int> Endless([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await Task.Yield();
                cancellationToken.ThrowIfCancellationRequested();
                yield return server.Make();
            }
        }
        finally
        {
            server.Leave();
        }
    }

    /// <summary>One item, and no end.</summary>
    [Entrypoint]
    public async IAsyncEnumerable<int> Patient([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            yield return 1;
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
        finally
        {
            server.Leave();
        }
    }

    [Entrypoint]
    public async IAsyncEnumerable<int> Steps([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (int i = 1; ; i++)
        {
            yield return i;
            await server.Step.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Says how far it is.</summary>
    [Entrypoint]
    public async Task<int> Import(int count, IProgress<double> progress, CancellationToken cancellationToken)
    {
        for (int i = 1; i <= count; i++)
        {
            await server.Step.WaitAsync(cancellationToken);
            progress.Report((double)i / count);
        }

        return count;
    }

    /// <summary>Both at once.</summary>
    [Entrypoint]
    public async IAsyncEnumerable<int> Report(int count, IProgress<int> progress)
    {
        for (int i = 1; i <= count; i++)
        {
            await Task.Yield();
            yield return i;
            progress.Report(i * 100 / count);
        }
    }

    [Entrypoint]
    public async IAsyncEnumerable<int> Fail(int after)
    {
        for (int i = 1; i <= after; i++)
        {
            await Task.Yield();
            yield return i;
        }

        throw new GawError("ValueError", "no more");
    }

    [Entrypoint]
    public async IAsyncEnumerable<Thing?> Things()
    {
        await Task.Yield();
        yield return new Thing("nail", 1.5);
        yield return null;
        yield return new Thing("a\nb", double.NaN);
    }

    [Entrypoint]
    public IAsyncEnumerable<string> Texts(params string[] texts) => texts.ToAsyncEnumerable();

    [Entrypoint]
    public IAsyncEnumerable<string> Huge(int length) => new[] { new string('x', length) }.ToAsyncEnumerable();

    [Entrypoint]
    public List<int> List(int to) => [.. Enumerable.Range(1, to)];

    [Entrypoint]
    public (int Number, string Text) Pair() => (1, "a");

    [Entrypoint]
    public int Value() => 7;

    [Entrypoint]
    public object? Echo(object? items) => items;

    [Entrypoint]
    public void Nothing()
    {
    }
}

[GawSerializable]
public sealed record Thing(string Name, double Weight);
