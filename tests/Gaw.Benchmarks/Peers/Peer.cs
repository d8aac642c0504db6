using Gaw.Benchmarks.Processes;

namespace Gaw.Benchmarks.Peers;

/// <summary>One way for two processes to call each other. Every peer serves the same calls: plus, and echoes of a text, a list and a dictionary.</summary>
internal abstract class Peer
{
    /// <summary>The name in tables and on the command line.</summary>
    public abstract string Name { get; }

    /// <summary>Another kind of RPC, against which Gaw is held; otherwise Gaw itself or a bare socket.</summary>
    public virtual bool IsRival => false;

    /// <summary>How its clients can call. A call that blocks counts only where it was made to be used, not where it would wait for the asynchronous one.</summary>
    public virtual IReadOnlyList<Way> Ways => [Way.Sync, Way.Await];

    /// <summary>A process may have as many clients as it likes; otherwise one, which is a program of its own.</summary>
    public virtual bool HasManyClients => true;

    /// <summary>The program whose processes serve and call; <see langword="null"/> for this one.</summary>
    public virtual string? Program => null;

    /// <summary>The name by which the program knows the peer.</summary>
    public virtual string ServedAs => Name;

    /// <summary>Listens on a free port of 127.0.0.1.</summary>
    public abstract Task<PeerServer> ServeAsync();

    /// <summary>Makes a client as a program would have one: for all its callers.</summary>
    public abstract ValueTask<PeerClient> ConnectAsync(int port);
}

/// <summary>A server that listens until it is disposed.</summary>
internal sealed record PeerServer(int Port, IAsyncDisposable Server);

/// <summary>A client of one peer.</summary>
internal abstract class PeerClient : IAsyncDisposable
{
    public virtual int Plus(int a, int b) => throw new NotSupportedException("This peer only has calls to be awaited.");

    public virtual ValueTask<int> PlusAsync(int a, int b) => throw new NotSupportedException("This peer only has calls that block.");

    public virtual ValueTask<string> EchoTextAsync(string text) => throw new NotSupportedException("This peer echoes nothing.");

    /// <summary>Sends the list <see cref="Payloads.Items"/> there and back, in the peer's own types.</summary>
    /// <returns>The names of the first and the last item that came back, and how many there were.</returns>
    public virtual ValueTask<(int Count, string First, string Last)> EchoItemsAsync() => throw new NotSupportedException("This peer echoes nothing.");

    /// <summary>Sends a dictionary there and back.</summary>
    public virtual ValueTask<IReadOnlyDictionary<string, double>> EchoScoresAsync(Dictionary<string, double> scores) => throw new NotSupportedException("This peer echoes nothing.");

    /// <summary>Takes a stream of so many of <see cref="Payloads.Items"/>, over and over, in the peer's own types.</summary>
    /// <returns>How many came.</returns>
    public virtual ValueTask<int> StreamItemsAsync(int count, CancellationToken cancellationToken) => throw new NotSupportedException("This peer streams nothing.");

    /// <summary>Sends a stream of so many of <see cref="Payloads.Items"/> as an argument, over and over, in the peer's own types.</summary>
    /// <returns>How many the server took.</returns>
    public virtual ValueTask<int> SendItemsAsync(int count) => throw new NotSupportedException("This peer takes no streams.");

    /// <summary>Takes a stream of time stamps, each made when its item is, with pauses between them.</summary>
    public virtual IAsyncEnumerable<long> StreamStamps(int count) => throw new NotSupportedException("This peer streams no time stamps.");

    public abstract ValueTask DisposeAsync();

    /// <summary>Takes a stream of <see cref="Payloads.Items"/>, and makes sure that they are those.</summary>
    public static async ValueTask<int> CountAsync(IAsyncEnumerable<Item> items, CancellationToken cancellationToken)
    {
        int count = 0;
        await foreach (Item item in items.WithCancellation(cancellationToken))
        {
            count += item.Id == count % Payloads.Items.Count ? 1 : throw new InvalidOperationException($"Item {count} of a stream is number {item.Id}.");
        }

        return count;
    }

    private protected static async ValueTask<IReadOnlyDictionary<string, double>> Read(ValueTask<Dictionary<string, double>> scores) => await scores;

    private protected static (int Count, string First, string Last) Ends(IReadOnlyList<Item> items) => (items.Count, items[0].Name, items[^1].Name);
}
