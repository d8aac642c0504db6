using Gaw.Json;
using Gaw.JsonWeb;
using Gaw.JsonWeb.Client;
using Gaw.JsonWeb.Client.Servers;
using Gaw.JsonWeb.Envelopes;
using Gaw.JsonWeb.ReplyCaching;
using Gaw.JsonWeb.Streams;
using Gaw.JsonWeb.Streams.Sending;
using Gaw.Serialization;
using Gaw.Serialization.Streams;
using Gaw.Shared;
using Gaw.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gaw.Tests.JsonWeb.Streams.Sending;

/// <summary>The arguments of one call that are streams, through its attempts, without a connection.</summary>
public sealed class ArgumentStreamsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_call_that_is_never_taken_and_never_has_to_wait_meets_its_deadline()
    {
        // Said to have room, and takes nothing: no case that is known, but it must not be one for ever.
        using ScriptedCarrier carrier = new() { Route = new ScriptedCarrier.ScriptedRoute { Server = KnownServer.After(null, takesStreams: true) }, Refuses = true };
        JsonWebClientOptions options = new();
        ValueSerializer serializer = new();
        using ServerPicker servers = new([carrier], options.TimeProvider);
        CallAttempts attempts = new(options, new CallIds(options.TimeProvider), serializer.Limits, serializer.Get<object>());
        using ClientLifetime lifetime = new(options.TimeProvider);
        CallSender sender = new(options, servers, attempts, lifetime, NullLogger.Instance);
        BoxedArguments arguments = new(serializer.Get<object>(), [None()], null);
        CallOptions brief = new() { Timeout = TimeSpan.FromMilliseconds(200) };

        Task<object> call = Task.Run(() => sender.SendAsync(new CallTarget("a/b"), serializer.Get<object>(), arguments, brief, options.TimeProvider.GetTimestamp(), isWithinSpan: true, Cancellation).AsTask(), Cancellation);

        (await FluentActions.Awaiting(() => call.WithinAsync(TestTimeouts.Limit, static () => "the call did not end")).Should().ThrowAsync<TimeoutException>()).Which.Message.Should().Contain("a/b found no room");

        static async IAsyncEnumerable<int> None()
        {
            await Task.Yield();
            yield break;
        }
    }

    [Fact]
    public void A_limit_that_comes_after_the_end_of_its_attempt_begins_nothing()
    {
        ScriptedCarrier carrier = new() { Route = new ScriptedCarrier.ScriptedRoute { Server = KnownServer.After(null, takesStreams: true) } };
        ValueSerializer serializer = new();
        CallIds ids = new(TimeProvider.System);
        JsonWebCall<object>[] attempts = [.. Enumerable.Range(0, 2).Select(_ => JsonWebCall<object>.Rent(new CallTarget("a/b"), serializer.Get<object>(), serializer.Limits, ids, Timeout.InfiniteTimeSpan, 0, synchronous: true))];
        StreamTotals limit = new(10, 1000);
        ArgumentStreams streams = new();
        using JsonWriter writer = new();
        streams.Write(writer, new ItemSource<int>(Never(), serializer.Get<int>()));

        streams.TrySend(carrier, attempts[0], ids, carrier.RentWriter()).Should().NotBeNull();
        streams.End();
        streams.Raise(attempts[0], 0, limit);
        streams.HasBegun.Should().BeFalse("the attempt is over");
        streams.TrySend(carrier, attempts[1], ids, carrier.RentWriter()).Should().NotBeNull();
        streams.Raise(attempts[0], 0, limit);
        streams.HasBegun.Should().BeFalse("the limit was for the attempt before");
        streams.Raise(attempts[1], 0, limit);
        streams.HasBegun.Should().BeTrue();
        streams.End();

        static async IAsyncEnumerable<int> Never()
        {
            await new TaskCompletionSource().Task;
            yield break;
        }
    }
}
