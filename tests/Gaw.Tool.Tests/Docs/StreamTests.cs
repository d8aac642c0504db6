using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Gaw.Tool.Tests.Docs;

[Service]
public interface IDepot
{
    IAsyncEnumerable<Change> WatchAsync(string name, CancellationToken cancellationToken = default);
}

// The page src/docs/streams.md, run.
public sealed class StreamTests
{
    [Fact]
    public async Task A_watch_gives_changes_as_they_come()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        Channel<Change> changes = Channel.CreateUnbounded<Change>();
        await using GawServer server = new GawServer("127.0.0.1", 0).Add<Depot>(changes.Reader);
        await server.StartAsync(token);
        await using GawClient client = new("127.0.0.1", server.LocalEndPoint.Port);
        IDepot depot = client.For<IDepot>();
        await changes.Writer.WriteAsync(new Change("screw", 1), token);
        await changes.Writer.WriteAsync(new Change("nail", 0), token);

        await foreach (Change change in depot.WatchAsync("nail", token))
        {
            Console.WriteLine(change);
            if (change.Count == 0)
            {
                break;
            }
        }
    }

    [Fact]
    public async Task A_stream_needs_no_interface()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        Channel<Change> changes = Channel.CreateUnbounded<Change>();
        await using GawServer server = new GawServer("127.0.0.1", 0).Add<Depot>(changes.Reader);
        await server.StartAsync(token);
        await using GawClient client = new("127.0.0.1", server.LocalEndPoint.Port);
        await changes.Writer.WriteAsync(new Change("nail", 5), token);

        await ShowFirstAsync(client);
    }

#pragma warning disable xUnit1051 // As a reader writes it.
    private static async Task ShowFirstAsync(GawClient client)
    {
        await foreach (dynamic change in client.StreamAsync<dynamic>("depot/watch", ["nail"]))
        {
            Console.WriteLine(change.count);
            break;
        }
    }
#pragma warning restore xUnit1051
}

public sealed class Depot(ChannelReader<Change> changes) : IDepot
{
    public async IAsyncEnumerable<Change> WatchAsync(string name, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (Change change in changes.ReadAllAsync(cancellationToken))
        {
            if (change.Name == name)
            {
                yield return change;
            }
        }
    }
}

[GawSerializable]
public sealed record Change(string Name, int Count);
