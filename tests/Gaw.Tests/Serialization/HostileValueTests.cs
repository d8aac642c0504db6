using System.Collections;
using System.Collections.ObjectModel;
using System.Diagnostics;
using System.Text;
using Gaw.Json;
using Gaw.Serialization;

namespace Gaw.Tests.Serialization;

/// <summary>Documents made to be expensive. The bounds are generous: without the guards each of these takes minutes.</summary>
public sealed class HostileValueTests
{
    private static readonly TimeSpan Enough = TimeSpan.FromSeconds(5);

    [Fact]
    public void Many_keys_are_no_matter() => Quickly(() =>
        Wire.To<Dictionary<string, int>>("{" + string.Join(", ", Enumerable.Range(0, 100_000).Select(each => $"\"k{each}\": {each}")) + "}").Should().HaveCount(100_000));

    [Fact]
    public void Integers_chosen_to_fall_into_one_bucket_do_not_slow_a_set_down()
    {
        // Bucket counts of .NET's tables are primes from a fixed list; multiples of one of them collide in it.
        string collisions = string.Join(", ", Enumerable.Range(0, 200_000).Select(each => each * 672_827L % 4_000_000_000_000L));
        Quickly(() => Wire.To<HashSet<long>>($"[{collisions}]"));
        Quickly(() => Wire.To<object>($"{{\"_v\": [{collisions}], \"_t\": \"set\"}}"));
        Quickly(() => Wire.To<Dictionary<long, int>>("{" + string.Join(", ", Enumerable.Range(0, 200_000).Select(each => $"\"{each * 672_827L}\": 1")) + "}"));
    }

    [Fact]
    public void Values_with_one_hash_code_are_noticed()
    {
        string same = string.Join(", ", Enumerable.Range(0, 100_000).Select(each => ((long)each << 32) | (uint)each));
        Quickly(() => Wire.Refused<HashSet<long>>($"[{same}]").Message.Should().Contain("hash code"));
        Quickly(() => Wire.To<object>($"{{\"_v\": [{same}], \"_t\": \"set\"}}"));
    }

    [Fact]
    public void A_hash_table_in_a_collection_of_the_users_is_guarded_whatever_the_collection_shows()
    {
        string sameCode = string.Join(", ", Enumerable.Range(0, 100_000).Select(static each => ((long)each << 32) | (uint)each));
        string samePlace = string.Join(", ", Enumerable.Range(0, 100_000).Select(static each => each * 156_437L));
        foreach (string items in (string[])[sameCode, samePlace])
        {
            AreTooSlow<OwnSet>($"[{items}]");
            AreTooSlow<OwnKeyed>($"[{items}]");
            AreTooSlow<OwnHashCollection>($"[{items}]");
            AreTooSlow<Kept<OwnSet>>($"{{\"items\": [{items}]}}");
            AreTooSlow<Kept<OwnKeyed>>($"{{\"items\": [{items}]}}");
            AreTooSlow<Kept<OwnHashCollection>>($"{{\"items\": [{items}]}}");
        }

        static void AreTooSlow<T>(string json) => Quickly(() => Wire.Refused<T>(json).Message.Should().Contain("were chosen to be slow"));
    }

    [Fact]
    public void A_list_of_the_users_may_hold_equal_and_evenly_spaced_items()
    {
        string equal = string.Join(", ", Enumerable.Repeat("7", 100_000));
        string spaced = string.Join(", ", Enumerable.Range(0, 3_000).Select(static each => each * 1_931L));

        Quickly(() => Wire.To<OwnList>($"[{equal}]").Should().HaveCount(100_000));
        Quickly(() => Wire.To<OwnList>($"[{spaced}]").Should().HaveCount(3_000));
        Quickly(() => Wire.To<Kept<OwnList>>($"{{\"items\": [{equal}]}}")!.Items.Should().HaveCount(100_000));
    }

    [Fact]
    public void A_large_set_is_a_set_like_any_other()
    {
        HashSet<int> large = Wire.To<HashSet<int>>($"[{string.Join(", ", Enumerable.Range(0, 10_000))}]")!;
        large.Should().HaveCount(10_000).And.Contain(9_999);
        for (int i = 0; i < 100_000; i++)
        {
            large.Contains(5).Should().BeTrue();
        }
    }

    [Fact]
    public void Tags_that_come_last_at_every_level_cost_no_more_than_the_depth()
    {
        GawTypes types = new GawTypes().Add<Holder>();
        string bulk = "[" + string.Join(", ", Enumerable.Repeat("1", 100_000)) + "]";
        foreach (string tag in new[] { "Holder", "Unheard" })
        {
            StringBuilder json = new StringBuilder();
            json.Insert(0, "{\"_v\": {\"value\": ", 55).Append(bulk).Insert(json.Length, $"}}, \"_t\": \"{tag}\"}}", 55);
            Quickly(() => Wire.To<object>(json.ToString(), types));
        }
    }

    [Fact]
    public void Doubled_marker_keys_at_every_level_are_read_once()
    {
        string json = "1";
        for (int level = 0; level < 20; level++)
        {
            json = "{\"_v\": [], \"_v\": [" + json + "], \"_t\": \"set\", \"_t\": \"tuple\"}";
        }

        Quickly(() => Wire.To<object>(json));
    }

    [Fact]
    public void Doubled_marker_keys_of_one_object_are_read_in_linear_time()
    {
        string doubled = "{" + string.Concat(Enumerable.Repeat("\"_v\": {}, ", 120_000)) + "\"_t\": \"x\"}";
        GawTypes types = new GawTypes().Add<Chain>();
        Quickly(() => Wire.To<object>(doubled, types));
        Quickly(() => Wire.To<List<object>>($"[{doubled}]", types));
        Quickly(() => Wire.Refused<Chain>(doubled, types));
    }

    [Fact]
    public void Long_numbers_are_refused_at_once() => Quickly(() =>
    {
        Wire.Refused<object>("[" + string.Join(", ", Enumerable.Repeat(new string('7', 4301), 1000)) + "]");
        Wire.Refused<object>(new string('7', 10_000_000));
        Wire.To<double>("1e" + new string('9', 100_000));
        Wire.To<double>(new string('1', 4000) + "." + new string('7', 100_000)).Should().Be(double.PositiveInfinity);
    });

    [Fact]
    public void The_largest_depth_that_may_be_asked_for_fits_half_of_a_usual_stack()
    {
        const int HalfOfAMegabyte = 512 * 1024;
        JsonLimits limits = new JsonLimits { MaxDepth = JsonLimits.LargestDepth };
        ValueSerializer serializer = new ValueSerializer(new GawTypes().Add<Holder>(), limits);
        string lists = Nest("[", "]", JsonLimits.LargestDepth);
        string tuples = Nest("{\"_v\": [", "], \"_t\": \"tuple\"}", JsonLimits.LargestDepth / 2);
        string objects = Nest("{\"_v\": {\"value\": ", "}, \"_t\": \"Holder\"}", JsonLimits.LargestDepth / 2, "1");
        string chain = Nest("{\"_v\": {\"next\": ", "}, \"_t\": \"Chain\"}", JsonLimits.LargestDepth / 2, "null");
        Exception? failure = null;
        Thread thread = new Thread(
            () => failure = Record.Exception(() =>
            {
                foreach (string json in new[] { lists, tuples, objects })
                {
                    ReadAndWrite(serializer.Get<object>(), json, limits);
                }

                ReadAndWrite(serializer.Get<Chain>(), chain, limits);
            }),
            HalfOfAMegabyte);
        thread.Start();
        thread.Join();
        failure.Should().BeNull();
    }

    private static string Nest(string opening, string closing, int levels, string inside = "") =>
        string.Concat(Enumerable.Repeat(opening, levels)) + inside + string.Concat(Enumerable.Repeat(closing, levels));

    private static void ReadAndWrite<T>(ValueConverter<T> converter, string json, JsonLimits limits)
    {
        JsonReader reader = new JsonReader(Encoding.ASCII.GetBytes(json), limits);
        using JsonWriter writer = new JsonWriter { MaxDepth = limits.MaxDepth };
        converter.Write(writer, converter.Read(ref reader));
        Encoding.ASCII.GetString(writer.Written).Should().Be(json);
    }

    private static void Quickly(Action action)
    {
        Stopwatch clock = Stopwatch.StartNew();
        action();
        clock.Elapsed.Should().BeLessThan(Enough);
    }

    public sealed record Holder(object Value);

    [GawSerializable]
    public sealed class Chain
    {
        public Chain? Next { get; init; }
    }

    public sealed class OwnSet : HashSet<long>;

    public sealed class OwnList : Collection<long>;

    public sealed class OwnKeyed : KeyedCollection<long, long>
    {
        protected override long GetKeyForItem(long item) => item;
    }

    /// <summary>Shows no set: that it hashes, only it knows.</summary>
    public sealed class OwnHashCollection : ICollection<long>
    {
        private readonly Dictionary<long, bool> _places = [];

        public int Count => _places.Count;

        public bool IsReadOnly => false;

        public void Add(long item) => _places[item] = true;

        public void Clear() => _places.Clear();

        public bool Contains(long item) => _places.ContainsKey(item);

        public void CopyTo(long[] array, int arrayIndex) => _places.Keys.CopyTo(array, arrayIndex);

        public bool Remove(long item) => _places.Remove(item);

        public IEnumerator<long> GetEnumerator() => _places.Keys.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }

    public sealed class Kept<T>
        where T : new()
    {
        public T Items { get; } = new();
    }
}
