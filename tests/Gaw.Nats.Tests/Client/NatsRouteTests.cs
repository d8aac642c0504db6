using System.Net;
using Gaw.JsonWeb.ReplyCaching;
using Gaw.JsonWeb.Streams;
using Gaw.JsonWeb.Streams.Receiving;
using Gaw.Nats.Client;
using Gaw.Nats.Engine;
using Gaw.Nats.Wire;
using Gaw.PostOffice;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NATS.Client.Core;

namespace Gaw.Nats.Tests.Client;

/// <summary>What a client knows of the workers behind an engine, and what it owes to them.</summary>
public sealed class NatsRouteTests : IDisposable
{
    private readonly FakeTimeProvider _clock = new();
    private readonly NatsRoute _route;

    public NatsRouteTests()
    {
        GawClientOptions options = new();
        _route = new NatsRoute(
            new NatsLink(NatsOpts.Default, "nats://nowhere"), new NatsTarget(new NatsSubjects("gaw")), new DnsEndPoint("nowhere", 1), options.CreateProtector(null), _clock, NullLogger.Instance);
    }

    [Fact]
    public void That_a_worker_takes_streams_holds_although_another_takes_none()
    {
        _route.SetServer("a/b", KnownServer.After(null, takesStreams: false));
        _route.GetServer("a/b").Should().BeNull("the next call may get to another one");

        _route.SetServer("a/b", KnownServer.After(null, takesStreams: true));
        _route.SetServer("a/b", KnownServer.After(null, takesStreams: false));

        _route.GetServer("a/b").Should().BeOfType<KnownServer>().Which.TakesStreams.Should().BeTrue();
        _route.GetServer("a/c").Should().BeNull();
    }

    /// <summary>A worker ends a call whose caller it has not heard for 30 seconds. Where its first signs of life were lost, that time runs already.</summary>
    [Theory]
    [InlineData(1, 0)]
    [InlineData(20, 1)]
    public void A_first_part_that_comes_late_is_followed_by_a_renewal_at_once_and_any_by_one_every_ten_seconds(int seconds, int atOnce)
    {
        int renewals = 0;
        Call call = new() { SentOn = _route, Began = _clock.GetTimestamp(), SentAt = _clock.GetTimestamp() };
        StreamWatch watch = new(call, new StreamTerms(new DnsEndPoint("nowhere", 1), _clock, StreamTotals.DefaultWindow, 1000, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan), () => renewals++);

        _clock.Advance(TimeSpan.FromSeconds(seconds));
        watch.OnPart().Should().BeTrue();
        renewals.Should().Be(atOnce);
        _clock.Advance(TimeSpan.FromSeconds(10));
        renewals.Should().Be(atOnce + 1);
        _clock.Advance(TimeSpan.FromSeconds(10));
        renewals.Should().Be(atOnce + 2);
        watch.Stop();
    }

    public void Dispose() => _route.Dispose();

    private sealed class Call : PendingCall
    {
        public override string Path => "a/b";

        public override bool TryRead(ReadOnlySpan<byte> reply) => true;

        protected override void Continue()
        {
        }
    }
}
