using Gaw.JsonWeb.Client.Servers;
using Gaw.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Gaw.Tests.JsonWeb.Client.Servers;

/// <summary>What is held against the servers of a client, and for how long.</summary>
public sealed class ServerPickerTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly ScriptedCarrier _one = new("10.0.0.1");
    private readonly ScriptedCarrier _other = new("10.0.0.2");

    [Fact]
    public void A_single_server_is_chosen_whatever_is_known_against_it()
    {
        using ServerPicker picker = new([_one], _time);
        picker.Failed(_one).Should().BeFalse("there is no other");
        picker.Choose().Should().BeSameAs(_one);
        picker.EndPoint.Should().Be(_one.EndPoint);
    }

    [Fact]
    public void After_a_failure_calls_go_to_another_server_until_all_have_failed()
    {
        using ServerPicker picker = new([_one, _other], _time);
        picker.Failed(_one).Should().BeTrue("nothing is known against the other");
        Chosen(picker).Should().Equal(_other);
        picker.Failed(_other).Should().BeFalse("now all have failed");
        Chosen(picker).ToHashSet().SetEquals([_one, _other]).Should().BeTrue("of those that all have failed each is as good");
    }

    [Fact]
    public void A_failure_is_forgotten_when_the_server_has_been_connected()
    {
        using ServerPicker picker = new([_one, _other], _time);
        picker.Failed(_one);
        _time.Advance(TimeSpan.FromMinutes(1));
        Chosen(picker).Should().Equal([_other], "time alone does not make it good again");
        _one.OnOpened!(true);
        Chosen(picker).ToHashSet().SetEquals([_one, _other]).Should().BeTrue();
        _other.OnOpened!(false);
        Chosen(picker).Should().Equal(_one);
    }

    [Fact]
    public void A_server_that_is_none_of_the_client_changes_nothing()
    {
        using ServerPicker picker = new([_one, _other], _time);
        picker.Failed(new ScriptedCarrier()).Should().BeTrue();
        Chosen(picker).Should().HaveCount(2);
    }

    [Fact]
    public async Task A_call_that_waits_for_a_connection_takes_what_its_server_says()
    {
        using ServerPicker picker = new([_one, _other], _time);
        _one.Capacity = Task.FromResult(false);
        (await picker.WaitForCapacityAsync(_one, null!, wasOpened: false, isBound: false, Timeout.InfiniteTimeSpan, TestContext.Current.CancellationToken)).Should().Be((_one, false));
        _one.Capacity = Task.FromException<bool>(new GawConnectionException("refused", null, CallExecution.NotRun));
        await picker.Awaiting(p => p.WaitForCapacityAsync(_one, null!, wasOpened: false, isBound: false, Timeout.InfiniteTimeSpan, CancellationToken.None)).Should().ThrowAsync<GawConnectionException>();
    }

    public void Dispose()
    {
        _one.Dispose();
        _other.Dispose();
    }

    private static List<object> Chosen(ServerPicker picker) => [.. Enumerable.Range(0, 8).Select(object (_) => picker.Choose()).Distinct()];
}
