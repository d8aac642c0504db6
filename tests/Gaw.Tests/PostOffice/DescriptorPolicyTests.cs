using Gaw.PostOffice.Sockets;
using Gaw.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Gaw.Tests.PostOffice;

/// <summary>tests/README.md, row F4: when a server looks whether descriptors are free, and whether it accepts then.</summary>
public sealed class DescriptorPolicyTests
{
    private const string Limits = """
        Limit                     Soft Limit           Hard Limit           Units     
        Max cpu time              unlimited            unlimited            seconds   
        Max open files            1024                 524288               files     
        Max locked memory         8388608              8388608              bytes     
        """;

    private readonly FakeTimeProvider _time = new();

    [Theory]
    [InlineData(0, 1000, 0, null, 0, 32, "Count", "nothing is known yet")]
    [InlineData(5000, 1000, 0, null, 0, 32, "Count", "a count is believed for a second")]
    [InlineData(5000, 999, 624, null, 0, 32, "Accept", "each of so many may take eight descriptors, and eight are left")]
    [InlineData(5000, 999, 625, null, 0, 32, "Count", "the count pays for no more")]
    [InlineData(128, 0, 15, null, 0, 32, "Accept", "the smallest count that pays for something")]
    [InlineData(128, 0, 16, null, 0, 32, "Count", "and for no more")]
    [InlineData(127, 0, 0, null, 0, 32, "Probe", "near the limit each connection is preceded by a probe")]
    [InlineData(0, 0, 0, null, 0, 32, "Probe", "the system does not say")]
    [InlineData(5000, 0, 0, null, 32, 0, "RefillAndAccept", "plenty are free and the reserve is empty")]
    [InlineData(0, 0, 0, 8, 0, 32, "Accept", "so many are no connection's")]
    [InlineData(0, 0, 0, 7, 0, 32, "GiveAway", "one too few")]
    [InlineData(0, 0, 0, 0, 0, 1, "GiveAway", "what little there is")]
    [InlineData(0, 0, 0, 7, 32, 0, "Rest", "there is nothing to give away")]
    [InlineData(0, 0, 0, 8, 32, 0, "Accept", "enough for one, too few for the reserve")]
    [InlineData(0, 0, 0, 47, 32, 0, "Accept", "the reserve would bring the shortage back")]
    [InlineData(0, 0, 0, 48, 32, 0, "RefillAndAccept", "enough for the reserve and for more connections")]
    [InlineData(0, 0, 0, 48, 0, 32, "Accept", "the reserve is full")]
    [InlineData(0, 0, 0, 0, 0, 0, "Rest", "no reserve is kept, and none are free")]
    public void A_server_counts_probes_accepts_and_rests_by_what_is_free(int counted, int milliseconds, int accepted, int? probed, int missing, int held, string step, string because) =>
        DescriptorPolicy.Decide(new DescriptorFacts
        {
            Counted = counted,
            SinceCount = TimeSpan.FromMilliseconds(milliseconds),
            AcceptedSince = accepted,
            Probed = probed,
            Missing = missing,
            Held = held,
        }).ToString().Should().Be(step, because);

    [Theory]
    [InlineData(1024, 64, 960)]
    [InlineData(1024, 896, 128)]
    [InlineData(1024, 1024, 1021)]
    [InlineData(1024, null, 1021)]
    [InlineData(5, 64, 2)]
    [InlineData(4096, 4096, 4093)]
    [InlineData(16_384, 16_384, null)]
    [InlineData(int.MaxValue, 1024, int.MaxValue - 1024)]
    public void What_is_free_is_told_by_the_size_of_the_table_and_near_the_limit_by_the_numbers_in_use_unless_they_are_many(int limit, int? slots, int? free) =>
        DescriptorTable.FreeBelow(limit, slots, static () => [0, 1, 2, 3_000_000]).Should().Be(free);

    [Fact]
    public void The_limit_and_the_size_of_the_table_are_read_as_Linux_writes_them()
    {
        DescriptorTable.LimitIn(Limits).Should().Be(1024);
        DescriptorTable.LimitIn("Max open files            unlimited            unlimited            files").Should().Be(int.MaxValue);
        DescriptorTable.LimitIn("Max open files            9223372036854775807  9223372036854775807  files").Should().Be(int.MaxValue);
        DescriptorTable.LimitIn("Max cpu time  1 1 seconds").Should().BeNull();
        DescriptorTable.LimitIn("").Should().BeNull();
        DescriptorTable.SlotsIn("Name:\tgaw\nFDSize:\t256\nGroups:\t \n").Should().Be(256);
        DescriptorTable.SlotsIn("FDSize:\tmany").Should().BeNull();
    }

    [Fact]
    public void This_process_has_as_many_free_as_its_limit_says_or_fewer()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The system is asked by /proc.");
        int limit = DescriptorTable.LimitIn(File.ReadAllText("/proc/self/limits"))!.Value;
        DescriptorTable.CountFree().Should().BeInRange(1, limit - 3, "the standard streams are open");
    }

    [Fact]
    public void A_burst_costs_few_counts_and_no_probe_while_many_are_free()
    {
        int free = 20_000;
        int counts = 0;
        using DescriptorReserve reserve = new(_time, Count, "/nowhere/at/all");
        for (; free > 10_000; free--)
        {
            reserve.MayAccept().Should().BeTrue();
        }

        counts.Should().BeLessThan(10);

        int? Count()
        {
            counts++;
            return free;
        }
    }

    [Fact]
    public void No_burst_takes_more_than_an_eighth_of_what_is_free_without_a_look()
    {
        int free = 20_000;
        int seen = free;
        using DescriptorReserve reserve = new(_time, () => seen = free, "/nowhere/at/all");
        for (; free > DescriptorPolicy.Near; free--)
        {
            reserve.MayAccept().Should().BeTrue();
            free.Should().BeGreaterThanOrEqualTo(seen - (seen / 8));
        }
    }

    [Fact]
    public void A_count_is_made_anew_after_a_second_as_others_take_descriptors_too()
    {
        int counts = 0;
        using DescriptorReserve reserve = new(_time, () => 1000 * ++counts, "/nowhere/at/all");
        reserve.MayAccept().Should().BeTrue();
        reserve.MayAccept().Should().BeTrue();
        counts.Should().Be(1);

        _time.Advance(TimeSpan.FromSeconds(1));
        reserve.MayAccept().Should().BeTrue();
        counts.Should().Be(2);
    }

    [Fact]
    public void Where_nothing_can_be_counted_or_opened_connections_are_accepted()
    {
        using DescriptorReserve reserve = new(_time, static () => null, "/nowhere/at/all");
        for (int i = 0; i < 100; i++)
        {
            reserve.MayAccept().Should().BeTrue("a process in a bare root directory serves, too");
        }
    }

    [Fact]
    public void Near_the_limit_each_connection_is_preceded_by_a_count_in_place_of_a_probe()
    {
        int free = 100;
        using DescriptorReserve reserve = new(_time, () => free, Path.Combine(Repository.Root, "README.md"));
        reserve.MayAccept().Should().BeTrue("a hundred are free");

        free = DescriptorPolicy.Spare - 1;
        reserve.MayAccept().Should().BeFalse("files could be opened here, but a probe would take the last descriptors from a call that needs one");
    }

    [Fact]
    public void Where_the_system_does_not_say_a_probe_tells_whether_to_accept()
    {
        using DescriptorReserve reserve = new(_time, static () => null, Path.Combine(Repository.Root, "README.md"));
        reserve.MayAccept().Should().BeTrue("a few more files can be opened here");
    }

    [Fact]
    public void After_a_refusal_a_count_is_believed_only_where_a_probe_agrees()
    {
        string cannotBeOpened = "/" + new string('a', 5000);
        using DescriptorReserve reserve = new(_time, static () => 100, cannotBeOpened);
        reserve.MayAccept().Should().BeTrue("a hundred are free, as the system says");

        reserve.Release();
        reserve.MayAccept().Should().BeFalse("the files of the whole system may have run out, which no count of this process shows");
        _time.Advance(TimeSpan.FromMinutes(1));
        reserve.MayAccept().Should().BeFalse("time alone frees none");
    }
}
