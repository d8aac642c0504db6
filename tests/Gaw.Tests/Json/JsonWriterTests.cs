using System.Buffers;
using System.Numerics;
using System.Text;
using Gaw.Json;

namespace Gaw.Tests.Json;

public sealed class JsonWriterTests
{
    [Fact]
    public void Commas_and_colons_stand_where_Python_puts_them() => Written(writer =>
    {
        writer.BeginObject();
        writer.Name("a"u8);
        writer.BeginArray();
        writer.Integer(1L);
        writer.Null();
        writer.BeginObject();
        writer.EndObject();
        writer.BeginArray();
        writer.EndArray();
        writer.Boolean(true);
        writer.Raw("12.50"u8);
        writer.EndArray();
        writer.Name("é\n");
        writer.String("x");
        writer.EndObject();
    }).Should().Be("{\"a\": [1, null, {}, [], true, 12.50], \"\\u00e9\\n\": \"x\"}");

    [Theory]
    [InlineData(0.0, "0.0")]
    [InlineData(-0.0, "-0.0")]
    [InlineData(3.0, "3.0")]
    [InlineData(-3.0, "-3.0")]
    [InlineData(0.1, "0.1")]
    [InlineData(1.0 / 3, "0.3333333333333333")]
    [InlineData(999999999999999.0, "999999999999999.0")]
    [InlineData(1e15, "1000000000000000.0")]
    [InlineData(1234567890123456.0, "1234567890123456.0")]
    [InlineData(123456789012345.67, "123456789012345.67")]
    [InlineData(9999999999999998.0, "9999999999999998.0")]
    [InlineData(1e16, "1e+16")]
    [InlineData(1.5e16, "1.5e+16")]
    [InlineData(-12345678901234568e10, "-1.2345678901234568e+26")]
    [InlineData(0.0001, "0.0001")]
    [InlineData(0.00012345, "0.00012345")]
    [InlineData(0.00001, "1e-05")]
    [InlineData(-0.000012345, "-1.2345e-05")]
    [InlineData(1e100, "1e+100")]
    [InlineData(5e-324, "5e-324")]
    [InlineData(double.MaxValue, "1.7976931348623157e+308")]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.PositiveInfinity, "Infinity")]
    [InlineData(double.NegativeInfinity, "-Infinity")]
    public void Doubles_have_the_text_of_Pythons_repr(double value, string expected) => Written(writer => writer.Float(value)).Should().Be(expected);

    [Theory]
    [InlineData(0.1f, "0.1")]
    [InlineData(16777216f, "16777216.0")]
    [InlineData(1e10f, "10000000000.0")]
    [InlineData(1e20f, "1e+20")]
    [InlineData(1e-5f, "1e-05")]
    [InlineData(-0.0f, "-0.0")]
    [InlineData(float.NaN, "NaN")]
    public void Singles_have_their_own_shortest_text(float value, string expected) => Written(writer => writer.Float(value)).Should().Be(expected);

    [Fact]
    public void Integers_of_every_size() => Written(writer =>
    {
        writer.BeginArray();
        writer.Integer(long.MinValue);
        writer.Integer(ulong.MaxValue);
        writer.Integer(Int128.MinValue);
        writer.Integer(UInt128.MaxValue);
        writer.Integer(BigInteger.Pow(10, 30));
        writer.EndArray();
    }).Should().Be($"[{long.MinValue}, {ulong.MaxValue}, {Int128.MinValue}, {UInt128.MaxValue}, 1{new string('0', 30)}]");

    [Fact]
    public void Every_UTF16_unit_is_written_as_Python_writes_it()
    {
        for (int code = 0; code <= char.MaxValue; code++)
        {
            string expected = code switch
            {
                '"' => "\"\\\"\"",
                '\\' => "\"\\\\\"",
                '\b' => "\"\\b\"",
                '\f' => "\"\\f\"",
                '\n' => "\"\\n\"",
                '\r' => "\"\\r\"",
                '\t' => "\"\\t\"",
                >= ' ' and <= '~' => $"\"{(char)code}\"",
                _ => $"\"\\u{code:x4}\"",
            };
            Written(writer => writer.String([(char)code])).Should().Be(expected);
        }
    }

    [Fact]
    public void Long_texts_grow_the_buffer_wherever_their_escapes_stand()
    {
        for (int length = 480; length < 540; length++)
        {
            string text = new string('a', length) + "é" + new string('b', length) + "\n\n";
            Written(writer => writer.String(text)).Should().Be("\"" + new string('a', length) + "\\u00e9" + new string('b', length) + "\\n\\n\"");
        }
    }

    [Fact]
    public void A_document_may_have_exactly_the_limit_and_not_one_byte_more()
    {
        using JsonWriter writer = new JsonWriter(headroom: 10) { MaxLength = 7 };
        writer.String("12345");
        writer.Length.Should().Be(7);
        writer.Reset();
        writer.Invoking(each => each.String("123456")).Should().Throw<GawSerializationException>().WithMessage("The document has 8 bytes or more, above the limit of 7 bytes.");
        writer.Reset();
        writer.Invoking(each => each.String(new string('x', 100_000))).Should().Throw<GawSerializationException>().WithMessage("*above the limit of 7 bytes.");
        writer.Reset();
        writer.Invoking(each => each.Raw(new byte[8])).Should().Throw<GawSerializationException>();
        writer.Reset();
        writer.BeginArray();
        writer.Integer(1234L);
        writer.EndArray();
        writer.Invoking(each => each.Append("xx"u8)).Should().Throw<GawSerializationException>();
        writer.Reset();
        writer.Integer(7L);
        Encoding.ASCII.GetString(writer.Written).Should().Be("7", "a writer is usable again after a reset");
    }

    [Fact]
    public void Depth_beyond_the_limit_is_refused()
    {
        using JsonWriter writer = new JsonWriter { MaxDepth = 2 };
        writer.BeginArray();
        writer.BeginObject();
        writer.Name("a"u8);
        writer.Invoking(each => each.BeginArray()).Should().Throw<GawSerializationException>().WithMessage("*limit of 2 levels*");
    }

    [Fact]
    public void Appended_bytes_bring_their_own_commas()
    {
        Written(writer =>
        {
            writer.Append("{\"id\": "u8);
            writer.Raw("12"u8);
            writer.Append(", \"payload\": "u8);
            writer.BeginArray();
            writer.Integer(1L);
            writer.Integer(2L);
            writer.EndArray();
            writer.Append("}"u8);
        }).Should().Be("{\"id\": 12, \"payload\": [1, 2]}");
    }

    [Fact]
    public void The_headroom_is_free_in_front_of_a_detached_document()
    {
        using JsonWriter writer = new JsonWriter(headroom: 24);
        writer.String(new string('x', 5000));
        byte[] buffer = writer.DetachBuffer(out int start, out int length);
        start.Should().Be(24);
        length.Should().Be(5002);
        Encoding.ASCII.GetString(buffer, start, length).Should().Be("\"" + new string('x', 5000) + "\"");
        ArrayPool<byte>.Shared.Return(buffer);
        writer.Length.Should().Be(0);
        writer.Null();
        Encoding.ASCII.GetString(writer.Written).Should().Be("null");
    }

    [Fact]
    public void A_disposed_writer_takes_nothing_more()
    {
        JsonWriter writer = new JsonWriter();
        writer.Dispose();
        writer.Dispose();
        writer.Invoking(each => each.Null()).Should().Throw<ObjectDisposedException>();
    }

    private static string Written(Action<JsonWriter> write)
    {
        using JsonWriter writer = new JsonWriter();
        write(writer);
        return Encoding.ASCII.GetString(writer.Written);
    }
}
