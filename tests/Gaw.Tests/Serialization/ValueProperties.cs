using System.Globalization;
using System.Text;
using CsCheck;
using Gaw.Json;
using Gaw.Tests.Support;

namespace Gaw.Tests.Serialization;

/// <summary>What holds for all values, not only for those somebody thought of.</summary>
public sealed class ValueProperties
{
    private const int Documents = 3000;

    /// <summary>Reads each line and writes it again.</summary>
    private const string ReadAndWrite = """
        import json, sys
        for line in sys.stdin.buffer:
            print(json.dumps(json.loads(line)))
        """;

    /// <summary>Writes random values; the seed comes as the first line.</summary>
    private const string WriteRandom = """
        import json, random, struct, sys
        r = random.Random(int(sys.stdin.readline()))
        def text():
            while True:
                # "_v" or "_t" alone is what no peer takes.
                s = any_text()
                if s not in ("_v", "_t"): return s
        def any_text(): return ''.join(chr(r.choice([r.randrange(128), r.randrange(0x3000), r.randrange(0xd800, 0xe000), r.randrange(0x110000)])) for _ in range(r.randrange(8)))
        def number(): return r.choice([r.randrange(-100, 100), r.randrange(-2**70, 2**70), struct.unpack('d', struct.pack('Q', r.getrandbits(64)))[0], r.uniform(-1e3, 1e3), 10.0 ** r.randrange(-20, 20), float(r.randrange(-10**17, 10**17))])
        def value(depth):
            k = r.randrange(8 if depth else 5)
            if k == 0: return r.choice([None, True, False])
            if k < 3: return number()
            if k < 5: return text()
            if k < 7: return [value(depth - 1) for _ in range(r.randrange(4))]
            return {text(): value(depth - 1) for _ in range(r.randrange(4))}
        for _ in range(3000): print(json.dumps(value(4)))
        """;

    [Fact]
    public void Any_tree_of_values_written_and_read_again_is_the_same() => Values.Trees.Sample(
        (Func<object?, bool>)(tree =>
        {
            string written = Wire.Of(tree);
            object? read = Wire.To<object>(written);
            return Values.Same(tree, read) && Wire.Of(read) == written;
        }),
        iter: 5000,
        print: tree => Wire.Of(tree));

    [Fact]
    public void Any_double_is_read_back_to_the_bit() => Values.AllDoubles.Sample(
        value => Values.Same(Wire.To<double>(Wire.Of(value)), value),
        iter: 50_000,
        print: value => value.ToString("R", CultureInfo.InvariantCulture));

    [Fact]
    public void Any_float_is_read_back_to_the_bit() => Gen.Int.Select(BitConverter.Int32BitsToSingle).Sample(
        value => float.IsNaN(value) || BitConverter.SingleToInt32Bits(Wire.To<float>(Wire.Of(value))) == BitConverter.SingleToInt32Bits(value),
        iter: 50_000);

    [Fact]
    public void Any_number_text_is_read_as_NETs_own_parser_reads_it() => Gen.Select(Gen.Long, Gen.Int[0, 25], Gen.Int[-30, 30], Gen.Bool).Sample(
        (digits, point, exponent, hasExponent) =>
        {
            string all = Math.Abs((decimal)digits).ToString(CultureInfo.InvariantCulture).PadLeft(point + 1, '0');
            string text = (digits < 0 ? "-" : "") + all[..^point].TrimStart('0').PadLeft(1, '0') + "." + all[^point..] + "0" + (hasExponent ? $"e{exponent}" : "");
            return Values.Same(new JsonReader(Encoding.ASCII.GetBytes(text), JsonLimits.Default).ReadDouble(), double.Parse(text, CultureInfo.InvariantCulture));
        },
        iter: 50_000);

    [Fact]
    public void Any_text_comes_back_unit_by_unit() => Values.Texts.Sample(text => Wire.To<string>(Wire.Of(text)) == text, iter: 20_000);

    [Fact]
    public void Any_moment_in_microseconds_comes_back() => Gen.Long[0, DateTime.MaxValue.Ticks / 10].Sample(
        microseconds =>
        {
            DateTime value = new DateTime(microseconds * 10);
            return Wire.To<DateTime>(Wire.Of(value)) == value;
        },
        iter: 20_000);

    [Fact]
    public void Any_duration_comes_back_to_the_tick() => Gen.Long.Sample(ticks => Wire.To<TimeSpan>(Wire.Of(new TimeSpan(ticks))).Ticks == ticks, iter: 20_000);

    [Fact]
    public void Any_decimal_comes_back_or_is_refused() => Gen.Decimal.Sample(
        value =>
        {
            try
            {
                return Wire.To<decimal>(Wire.Of(value)) == value;
            }
            catch (GawSerializationException)
            {
                return true;
            }
        },
        iter: 20_000);

    [Fact]
    public void Any_bytes_at_all_are_read_or_refused_but_never_worse() => Gen.Byte.Array[0, 40].Sample(
        bytes =>
        {
            ReadOrRefuse(bytes);
            ReadOrRefuse(Encoding.ASCII.GetBytes(string.Concat(bytes.Select(each => "{}[]\",:_vt01.eE-+\\u nulltrueNaNtuplesetdatetime"[each % 46]))));
        },
        iter: 50_000);

    [Fact]
    public void Any_document_with_a_byte_changed_is_read_or_refused_but_never_worse() => Gen.Select(Values.Trees, Gen.Int, Gen.Byte).Sample(
        (tree, place, changed) =>
        {
            byte[] bytes = GawSerializer.SerializeToUtf8Bytes(tree);
            bytes[(int)((uint)place % bytes.Length)] = changed;
            ReadOrRefuse(bytes);
        },
        iter: 5000);

    [Fact]
    public void What_we_write_Python_reads_and_writes_the_same()
    {
        string[] ours = [.. Values.Trees.Array[Documents].Single().Select(tree => Wire.Of(tree))];
        Python.Run(ReadAndWrite, ours).Should().Equal(ours);
    }

    [Fact]
    public void What_Python_writes_we_read_and_write_the_same()
    {
        string[] theirs = Python.Run(WriteRandom, [Random.Shared.Next().ToString(CultureInfo.InvariantCulture)]);
        theirs.Should().HaveCount(Documents);
        theirs.Select(document => Wire.Of(Wire.To<object>(document))).Should().Equal(theirs);
    }

    private static void ReadOrRefuse(byte[] bytes)
    {
        try
        {
            GawSerializer.Deserialize<object>(bytes);
        }
        catch (GawSerializationException)
        {
        }
    }
}
