using Gaw.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Gaw.Tests.Testing;

/// <summary>A host that has vanished, where the carrier itself does not notice: over an engine the client asks for its calls meanwhile.</summary>
public sealed partial class StreamTests
{
    [Theory]
    [MemberData(nameof(All))]
    public async Task A_server_that_says_nothing_more_is_given_up_after_the_longest_silence(Carrier carrier)
    {
        FakeTimeProvider clock = new();
        await using Served served = await Served.StartAsync(carrier);
        await using GawClient client = served.Connect(new GawClientOptions { TimeProvider = clock, CallTimeout = TimeSpan.FromHours(1) });
        await using IAsyncEnumerator<string> watch = client.StreamAsync<string>("source/watch", cancellationToken: Cancellation).GetAsyncEnumerator(Cancellation);
        await served.Items.Writer.WriteAsync("a", Cancellation);
        await NextAsync(watch);
        watch.Current.Should().Be("a", "what had come is delivered");
        Task<bool> next = NextAsync(watch);

        // The server's clock stands, so for the client it is a host that has vanished: no sign of life comes.
        await Eventually.BecomesTrueAsync(() =>
        {
            clock.Advance(TimeSpan.FromMinutes(10));
            return next.IsCompleted;
        });

        (await FluentActions.Awaiting(() => next).Should().ThrowAsync<TimeoutException>()).Which.Message.Should().Contain("not even a sign of life");
        await served.Ended.WaitForAsync(1);
    }
}
