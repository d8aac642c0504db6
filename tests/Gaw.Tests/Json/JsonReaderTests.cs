using System.Numerics;
using System.Text;
using Gaw.Json;

namespace Gaw.Tests.Json;

public sealed class JsonReaderTests
{
    public static TheoryData<string> Valid =>
    [
        "null", " \t\r\n[1 , 2]\n", "{\"a\":1,\"b\":[]}", "{ }", "[ ]", "[[],{}]", "-0", "-0.0", "1e5", "1E+5", "1.5e-5", "NaN", "Infinity", "-Infinity", "[NaN,-Infinity]",
        "\"\\ud800\"", "\"\\u00e9 \\\" \\\\ \\/ \\b\\f\\n\\r\\t\"", "\"é😀\u007f\"", "{\"a\":1,\"a\":2}", "{\"\":{\"\":[0,{\"x\":[true,false,null]}]}}", "1e400", "123456789012345678901234567890",
    ];

    public static TheoryData<string> Invalid =>
    [
        "", " ", "nul", "nulll", "True", "None", "nan", "+1", ".5", "1.", "01", "-", "-01", "1e", "1e+", "1.e5", "0x10", "1_0", "--1", "-NaN", "Inf", "-Infinit", "[1,]", "[,1]", "[1 2]", "[1", "[", "]", "{",
        "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "{'a':1}", "{1:1}", "{\"a\" 1}", "{\"a\":1 \"b\":2}", "{\"a\":1", "{\"a\":1]", "[1}", "'a'", "\"a", "\"a\\\"", "\"\\x41\"", "\"\\u12\"", "\"\\u12g4\"", "\"\\",
        "\"\t\"", "\"\n\"", "\"\0\"", "1 2", "null,", "// c\n1", "/* */1", "[1]x", "\ufeff1", "\u00a01", "\v1", "{\"a\":1}}", "[[1]", "\"a\"b",
    ];

    [Theory]
    [MemberData(nameof(Valid))]
    public void What_Python_reads_is_skipped_whole(string json)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(json);
        JsonReader reader = new JsonReader(bytes, JsonLimits.Default);
        Encoding.UTF8.GetString(reader.Skip()).Should().Be(json.Trim());
        reader.ReadEnd();
        reader.Position.Should().Be(bytes.Length);
        GawSerializer.Deserialize<object>(bytes);
    }

    [Theory]
    [MemberData(nameof(Invalid))]
    public void What_Python_refuses_is_refused_by_skipping_and_by_reading(string json)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(json);
        JsonFormatException skipping = FluentActions.Invoking(() => Skip(bytes)).Should().Throw<JsonFormatException>().Which;
        skipping.Fault.Should().Be(JsonFault.Syntax);
        skipping.Position.Should().BeInRange(0, bytes.Length);
        FluentActions.Invoking(() => GawSerializer.Deserialize<object>(bytes)).Should().Throw<GawSerializationException>().WithInnerException<JsonFormatException>();
    }

    [Fact]
    public void A_message_says_where_and_what_and_repeats_nothing()
    {
        Fault("[1, secret]").Message.Should().Be("Byte 4 of the document: met a letter where a value was expected.");
        Fault("{\"secret\" 1}").Message.Should().Be("Byte 10 of the document: met a digit where a colon was expected.");
        Fault("[1").Message.Should().Be("Byte 2 of the document: met the end of the document where a comma or a closing bracket was expected.");
        Fault("[1}").Message.Should().Be("Byte 2 of the document: met a closing bracket where a comma or a closing bracket was expected.");
        Fault("\ufeff1").Message.Should().Be("Byte 0 of the document: met a byte order mark where a value was expected.");
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("-0", 0)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("-9223372036854775808", long.MinValue)]
    [InlineData(" 42 ", 42)]
    public void Integers_that_fit_are_taken(string json, long expected)
    {
        JsonReader reader = new JsonReader(Encoding.UTF8.GetBytes(json), JsonLimits.Default);
        reader.TryReadInt64(out long value).Should().BeTrue();
        value.Should().Be(expected);
        reader.ReadEnd();
    }

    [Theory]
    [InlineData("9223372036854775808")]
    [InlineData("-9223372036854775809")]
    [InlineData("99999999999999999999")]
    [InlineData("18446744073709551617")]
    [InlineData("1.0")]
    [InlineData("1e2")]
    [InlineData("\"1\"")]
    [InlineData("-Infinity")]
    [InlineData("null")]
    [InlineData("01")]
    [InlineData("-")]
    [InlineData("")]
    public void Anything_else_is_left_as_it_is(string json)
    {
        JsonReader reader = new JsonReader(Encoding.UTF8.GetBytes(json), JsonLimits.Default);
        reader.TryReadInt64(out _).Should().BeFalse();
        reader.Position.Should().Be(0);
    }

    [Fact]
    public void Integers_of_any_size_are_exact()
    {
        BigInteger large = BigInteger.Pow(7, 3000);
        JsonReader reader = new JsonReader(Encoding.UTF8.GetBytes($"[{large}, -{large}, 5]"), JsonLimits.Default);
        reader.BeginArray();
        reader.NextItem();
        reader.ReadInteger().Should().Be(large);
        reader.NextItem();
        reader.ReadInteger().Should().Be(-large);
        reader.NextItem();
        reader.ReadInteger().Should().Be(5);
        reader.NextItem().Should().BeFalse();
    }

    [Fact]
    public void Every_kind_is_told_before_it_is_read()
    {
        const string Json = "[{}, [], \"\", 1, -1, 1.0, 1e1, NaN, Infinity, -Infinity, true, false, null, x]";
        JsonReader reader = new JsonReader(Encoding.UTF8.GetBytes(Json), JsonLimits.Default);
        List<JsonKind> kinds = new List<JsonKind>();
        reader.BeginArray();
        while (reader.NextItem())
        {
            kinds.Add(reader.Peek());
            if (kinds[^1] is JsonKind.Invalid)
            {
                break;
            }

            reader.Skip();
        }

        kinds.Should().Equal(
            JsonKind.Object, JsonKind.Array, JsonKind.String, JsonKind.Integer, JsonKind.Integer, JsonKind.Float, JsonKind.Float, JsonKind.Float, JsonKind.Float, JsonKind.Float, JsonKind.True, JsonKind.False, JsonKind.Null, JsonKind.Invalid);
        new JsonReader(default, JsonLimits.Default).Peek().Should().Be(JsonKind.End);
    }

    [Fact]
    public void A_copy_is_a_mark_to_come_back_to()
    {
        JsonReader reader = new JsonReader("{\"a\": [1, {\"b\": 2}], \"c\": 3}"u8, JsonLimits.Default);
        reader.BeginObject();
        reader.NextProperty(out JsonText name).Should().BeTrue();
        name.Equals("a"u8).Should().BeTrue();
        JsonReader mark = reader;
        Encoding.ASCII.GetString(reader.Skip()).Should().Be("[1, {\"b\": 2}]");
        reader.NextProperty(out name).Should().BeTrue();
        name.ToString().Should().Be("c");
        reader = mark;
        reader.BeginArray();
        reader.NextItem().Should().BeTrue();
        reader.TryReadInt64(out long one).Should().BeTrue();
        one.Should().Be(1);
    }

    [Fact]
    public void Texts_resolve_their_escapes_and_keep_lone_surrogates()
    {
        Text("\"plain é😀\"").Should().Be("plain é😀");
        Text("\"\\ud83d\\ude00\"").Should().Be("😀");
        Text("\"a\\ud800b\\udfff\"").Should().Be("a\ud800b\udfff");
        Text("\"é\\\\\\\"\\/\\b\\f\\n\\r\\t\\u0000😀\"").Should().Be("é\\\"/\b\f\n\r\t\0😀");
        Text("\"" + new string('x', 1000) + "\\n" + new string('é', 1000) + "\"").Should().Be(new string('x', 1000) + "\n" + new string('é', 1000));
        JsonReader reader = new JsonReader("{\"\\u0061b\": 1}"u8, JsonLimits.Default);
        reader.BeginObject();
        reader.NextProperty(out JsonText name);
        name.HasEscapes.Should().BeTrue();
        name.Equals("ab"u8).Should().BeTrue();
        name.Equals("\\u0061b"u8).Should().BeFalse();
    }

    [Theory]
    [InlineData(127)]
    [InlineData(128)]
    public void Depth_up_to_the_limit_is_read(int depth)
    {
        Skip(Nested("[", "]", depth));
        Skip(Nested("{\"a\":", "}", depth));
        GawSerializer.Deserialize<object>(Nested("[", "]", depth));
        GawSerializer.Deserialize<object>(Nested("{\"a\":", "}", depth));
    }

    [Theory]
    [InlineData(129)]
    [InlineData(100_000)]
    public void Depth_beyond_the_limit_is_refused_by_skipping_and_by_reading(int depth)
    {
        foreach (byte[] json in (byte[][])[Nested("[", "]", depth), Nested("{\"a\":", "}", depth), Nested("{\"_v\": ", ", \"_t\": \"tuple\"}", depth), Nested("[{\"a\":", "}]", depth)])
        {
            FluentActions.Invoking(() => Skip(json)).Should().Throw<JsonFormatException>().Which.Fault.Should().Be(JsonFault.TooDeep);
            FluentActions.Invoking(() => GawSerializer.Deserialize<object>(json)).Should().Throw<GawSerializationException>().Which
                .InnerException.Should().BeOfType<JsonFormatException>().Which.Fault.Should().Be(JsonFault.TooDeep);
        }
    }

    [Fact]
    public void Values_are_counted_wherever_they_stand()
    {
        JsonLimits limits = new JsonLimits { MaxValues = 5 };
        byte[] five = "[1, {\"a\": \"x\"}, null]"u8.ToArray();
        byte[] six = "[1, {\"a\": \"x\"}, null, []]"u8.ToArray();
        new JsonReader(five, limits).Skip();
        FluentActions.Invoking(() => new JsonReader(six, limits).Skip()).Should().Throw<JsonFormatException>().Which.Fault.Should().Be(JsonFault.TooManyValues);
        FluentActions.Invoking(() => Read(six, limits)).Should().Throw<JsonFormatException>().Which.Fault.Should().Be(JsonFault.TooManyValues);
        Read(five, limits);
    }

    [Fact]
    public void A_container_that_is_skipped_a_second_time_counts_with_all_its_values()
    {
        byte[] json = Encoding.ASCII.GetBytes($"[[{string.Join(", ", Enumerable.Repeat("7", 500))}], [{string.Join(", ", Enumerable.Repeat("7", 500))}]]");
        JsonFormatException? refused = null;
        JsonReader reader = new JsonReader(json, new JsonLimits { MaxValues = 1002 });
        reader.RememberSkips();
        reader.BeginArray();
        try
        {
            while (reader.NextItem())
            {
                JsonReader ahead = reader;
                ahead.Skip();
                reader.Skip();
            }
        }
        catch (JsonFormatException e)
        {
            refused = e;
        }

        refused!.Fault.Should().Be(JsonFault.TooManyValues, "there are 1,003 values");
    }

    [Fact]
    public void Digits_of_integers_are_limited_those_of_floats_are_not()
    {
        string digits = new('9', 4300);
        GawSerializer.Deserialize<object>(digits).Should().Be(BigInteger.Parse(digits));
        GawSerializer.Deserialize<object>("-" + digits);
        GawSerializer.Deserialize<double>("0." + digits + digits).Should().Be(1.0);
        FluentActions.Invoking(() => Skip(Encoding.ASCII.GetBytes(digits + "9"))).Should().Throw<JsonFormatException>().Which.Fault.Should().Be(JsonFault.TooManyDigits);
        FluentActions.Invoking(() => Skip(Encoding.ASCII.GetBytes("[-" + digits + "9]"))).Should().Throw<JsonFormatException>().Which.Fault.Should().Be(JsonFault.TooManyDigits);
        FluentActions.Invoking(() => GawSerializer.Deserialize<object>(digits + "9")).Should().Throw<GawSerializationException>();
    }

    [Fact]
    public void A_document_cut_at_any_byte_is_refused()
    {
        byte[] whole = Encoding.UTF8.GetBytes("{\"a\": [1.5e3, -Infinity, \"\\u00e9x\", true], \"b\": {\"_v\": [null], \"_t\": \"tuple\"}}");
        for (int length = 0; length < whole.Length; length++)
        {
            byte[] cut = whole[..length];
            FluentActions.Invoking(() => Skip(cut)).Should().Throw<JsonFormatException>($"it ends after {length} bytes");
            FluentActions.Invoking(() => GawSerializer.Deserialize<object>(cut)).Should().Throw<GawSerializationException>();
        }
    }

    private static void Skip(byte[] json)
    {
        JsonReader reader = new JsonReader(json, JsonLimits.Default);
        reader.Skip();
        reader.ReadEnd();
    }

    private static void Read(byte[] json, JsonLimits limits)
    {
        JsonReader reader = new JsonReader(json, limits);
        new Gaw.Serialization.ValueSerializer(null, limits).Get<object>().Read(ref reader);
    }

    private static JsonFormatException Fault(string json) => FluentActions.Invoking(() => Skip(Encoding.UTF8.GetBytes(json))).Should().Throw<JsonFormatException>().Which;

    private static string Text(string json) => new JsonReader(Encoding.UTF8.GetBytes(json), JsonLimits.Default).ReadString();

    private static byte[] Nested(string opening, string closing, int depth) =>
        Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(opening, depth)) + (opening == "[" ? "" : "1") + string.Concat(Enumerable.Repeat(closing, depth)));
}
