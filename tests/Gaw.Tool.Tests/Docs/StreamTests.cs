using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Gaw.Tool.Tests.Docs;

[Service]
public interface IDepot
{
    IAsyncEnumerable<Change> WatchAsync(string name, CancellationToken cancellationToken = default);
}

[Service]
public interface IImport
{
    Task<int> ImportAsync(string file, IProgress<double>? progress = null, CancellationToken cancellationToken = default);
}

[Service]
public interface IIntake
{
    Task<int> ImportAsync(IAsyncEnumerable<string> lines, CancellationToken cancellationToken = default);

    IAsyncEnumerable<string> CheckAsync(IAsyncEnumerable<string> lines, CancellationToken cancellationToken = default);
}

[Service]
public interface ILedger
{
    IAsyncEnumerable<Entry> FollowAsync(long after, CancellationToken cancellationToken = default);
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

    [Fact]
    public async Task A_method_says_how_far_it_is()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        await using GawServer server = new GawServer("127.0.0.1", 0).Add<Importer>();
        await server.StartAsync(token);
        await using GawClient client = new("127.0.0.1", server.LocalEndPoint.Port);

        (await ImportAsync(client.For<IImport>(), token)).Should().Be(9);
        (await ImportUntypedAsync(client)).Should().Be(9);
    }

    [Fact]
    public async Task An_argument_is_read_as_it_comes()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        await File.WriteAllLinesAsync("items.csv", ["nail", "", "screw"], token);
        await using GawServer server = new GawServer("127.0.0.1", 0).Add<Intake>();
        await server.StartAsync(token);
        await using GawClient client = new("127.0.0.1", server.LocalEndPoint.Port);

        (await ImportAsync(client.For<IIntake>(), token)).Should().Be(3);
        (await TakeInUntypedAsync(client, token)).Should().Be(3);
    }

    [Fact]
    public async Task Who_lost_a_watch_begins_again_where_it_was()
    {
        using CancellationTokenSource stopping = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        await using GawServer server = new GawServer("127.0.0.1", 0).Add<Ledger>(stopping);
        await server.StartAsync(stopping.Token);
        await using GawClient client = new("127.0.0.1", server.LocalEndPoint.Port);

        try
        {
            await FollowAsync(client.For<ILedger>(), stopping.Token);
        }
        catch (OperationCanceledException)
        {
            // The ledger has been asked for what comes after its second entry.
        }

        stopping.IsCancellationRequested.Should().BeTrue();
    }

    private static async Task FollowAsync(ILedger ledger, CancellationToken token)
    {
        long position = 0;
        while (!token.IsCancellationRequested)
        {
            try
            {
                await foreach (Entry entry in ledger.FollowAsync(position, token))
                {
                    Console.WriteLine(entry.Text);
                    position = entry.Position;
                }
            }
            catch (Exception e) when (e is GawConnectionException or TimeoutException)
            {
                await Task.Delay(TimeSpan.FromSeconds(1), token);
            }
        }
    }

    private static async Task<int> ImportAsync(IImport import, CancellationToken token)
    {
        int count = await import.ImportAsync("items.csv", new Progress<double>(done => Console.WriteLine($"{done:P0}")), token);
        return count;
    }

    private static async Task<int> ImportAsync(IIntake intake, CancellationToken token)
    {
        int count = await intake.ImportAsync(File.ReadLinesAsync("items.csv", token), token);
        await foreach (string fault in intake.CheckAsync(File.ReadLinesAsync("items.csv", token), token))
        {
            Console.WriteLine(fault);
        }

        return count;
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

    private static async Task TakeAsync(GawClient client)
    {
        await foreach (dynamic job in client.StreamAsync<dynamic>("queue/take", options: new CallOptions { ReadAhead = 1 }))
        {
            Console.WriteLine(job);
        }
    }

    private static async Task<int> TakeInUntypedAsync(GawClient client, CancellationToken token)
    {
        int count = await client.CallAsync<int>("intake/import", [File.ReadLinesAsync("items.csv", token)]);
        return count;
    }

    private static async Task<int> ImportUntypedAsync(GawClient client)
    {
        int count = await client.CallAsync<int>("import/import", ["items.csv"], options: new CallOptions { Progress = new Progress<object?>(done => Console.WriteLine(done)) });
        return count;
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

public sealed class Ledger(CancellationTokenSource seen) : ILedger
{
    public async IAsyncEnumerable<Entry> FollowAsync(long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        if (after == 2)
        {
            await seen.CancelAsync();
        }

        yield return new Entry(after + 1, "one more");
    }
}

public sealed class Intake : IIntake
{
    public async Task<int> ImportAsync(IAsyncEnumerable<string> lines, CancellationToken cancellationToken)
    {
        int count = 0;
        await foreach (string line in lines.WithCancellation(cancellationToken))
        {
            count++;
        }

        return count;
    }

    public async IAsyncEnumerable<string> CheckAsync(IAsyncEnumerable<string> lines, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (string line in lines.WithCancellation(cancellationToken))
        {
            if (line.Length == 0)
            {
                yield return "an item without a name";
            }
        }
    }
}

public sealed class Importer : IImport
{
    public async Task<int> ImportAsync(string file, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        for (int i = 1; i <= file.Length; i++)
        {
            await Task.Yield();
            progress!.Report((double)i / file.Length);
        }

        return file.Length;
    }
}

[GawSerializable]
public sealed record Change(string Name, int Count);

[GawSerializable]
public sealed record Entry(long Position, string Text);
