using Gaw.Tests.Support;
using Gaw.Tests.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Gaw.Nats.Tests;

/// <summary>Nobody tells a worker that a caller's process has died: a stream that is not said to be wanted ends.</summary>
public sealed class StreamLeaseTests
{
    [Fact]
    public async Task A_stream_whose_caller_says_nothing_more_ends_with_its_lease()
    {
        FakeTimeProvider clock = new();
        CancellationToken token = TestContext.Current.CancellationToken;
        await using StreamTests.Served served = await StreamTests.Served.StartAsync(StreamTests.Carrier.Nats, new GawServerOptions { TimeProvider = clock });
        await using GawClient client = served.Connect();
        await using IAsyncEnumerator<string> watch = client.StreamAsync<string>("source/watch", cancellationToken: token).GetAsyncEnumerator(token);
        await served.Items.Writer.WriteAsync("a", token);
        (await watch.MoveNextAsync()).Should().BeTrue();

        // The caller's clock stands, as that of a process that is gone.
        await Eventually.BecomesTrueAsync(() =>
        {
            clock.Advance(TimeSpan.FromSeconds(10));
            return served.Ended.Value == 1;
        });

        await Eventually.BecomesTrueAsync(() => served.Server.OpenStreams == 0);
    }
}
