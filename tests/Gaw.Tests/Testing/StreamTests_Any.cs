using Gaw.JsonWeb.Streams.Receiving;

namespace Gaw.Tests.Testing;

/// <summary>A call of which nobody knows whether it gives a value or a stream, as a tool makes it.</summary>
public sealed partial class StreamTests
{
    [Theory]
    [MemberData(nameof(All))]
    public async Task What_a_call_gives_is_told_from_what_has_come(Carrier carrier)
    {
        await using Served served = await Served.StartAsync(carrier);
        await using GawClient client = served.Connect();

        foreach (int count in new[] { 0, 3, 100_000 })
        {
            using AnyResult stream = await client.OpenAnyAsync("source/count", [count], null, null, Cancellation);
            stream.IsStream.Should().BeTrue("a stream of {0} items is one", count);
            List<object> items = [];
            while (await stream.NextAsync() is { } more)
            {
                items.AddRange(more);
            }

            items.Should().Equal(Enumerable.Range(0, count).Cast<object>());
        }

        foreach (int count in new[] { 0, 3 })
        {
            using AnyResult list = await client.OpenAnyAsync("source/list", null, new Dictionary<string, object?> { ["count"] = count }, null, Cancellation);
            list.IsStream.Should().BeFalse("a list of {0} items is a value", count);
            list.Value.Should().BeOfType<List<object>>().Which.Should().Equal(Enumerable.Range(0, count).Cast<object>());
        }

        using AnyResult one = await client.OpenAnyAsync("source/one", null, null, null, Cancellation);
        (one.IsStream, one.Value).Should().Be((false, 1));
        await FluentActions.Awaiting(() => client.OpenAnyAsync("source/none", null, null, null, Cancellation)).Should().ThrowAsync<GawRemoteException>();
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_stream_of_which_nobody_knew_ends_with_who_has_asked(Carrier carrier)
    {
        await using Served served = await Served.StartAsync(carrier);
        await using GawClient client = served.Connect();

        using (AnyResult stream = await client.OpenAnyAsync("source/endless", null, null, new CallOptions { ReadAhead = 1 }, Cancellation))
        {
            (await stream.NextAsync()).Should().NotBeNull().And.Subject.First().Should().Be(0);
        }

        await served.Ended.WaitForAsync(1);
    }
}
