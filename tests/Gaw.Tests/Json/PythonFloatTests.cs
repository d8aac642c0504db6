using System.Globalization;
using System.Text;
using Gaw.Json;
using Gaw.Json.Floats;

namespace Gaw.Tests.Json;

/// <summary>Floats are written with the digits that .NET finds, in Python's form, and read as .NET reads them: by ways of our own, which are compared here with .NET's.</summary>
public sealed class PythonFloatTests
{
    private const int Many = 500_000;

    private readonly byte[] _room = new byte[48];

    /// <summary>Where the distance to the next float changes, where digits begin anew, and where a way ends and another begins.</summary>
    [Fact]
    public void Doubles_at_every_edge_have_the_shortest_text_that_reads_back()
    {
        for (int power = 0; power < 2047; power++)
        {
            CheckNear(BitConverter.Int64BitsToDouble((long)power << 52), 3);
        }

        for (int power = -323; power <= 308; power++)
        {
            CheckNear(double.Parse($"1e{power}", CultureInfo.InvariantCulture), 20);
        }

        foreach (double edge in new[] { 1e15, 1e9, 1e-4, 9.999995e-5, 123456.7, 0.1, 0.000001, 1e9 - 1e-6 })
        {
            CheckNear(edge, 1000);
        }

        for (long subnormal = 1; subnormal < 10_000; subnormal++)
        {
            Check(BitConverter.Int64BitsToDouble(subnormal));
        }
    }

    [Fact]
    public void Doubles_of_any_bits_have_the_shortest_text_that_reads_back()
    {
        Random random = new(1);
        for (int i = 0; i < Many; i++)
        {
            Check(BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue)));
        }
    }

    [Fact]
    public void Doubles_of_few_decimals_and_their_neighbours_have_the_shortest_text_that_reads_back()
    {
        Random random = new(2);
        for (int i = 0; i < Many; i++)
        {
            CheckNear(random.NextInt64(0, 1L << random.Next(1, 53)) / Math.Pow(10, random.Next(0, 10)), 1);
        }
    }

    [Fact]
    public void Singles_of_any_bits_and_at_every_edge_have_the_shortest_text_that_reads_back()
    {
        Random random = new(3);
        for (int i = 0; i < Many; i++)
        {
            Check(BitConverter.Int32BitsToSingle(random.Next(int.MinValue, int.MaxValue)));
        }

        for (int power = 0; power < 255; power++)
        {
            for (int step = -100; step <= 100; step++)
            {
                Check(BitConverter.Int32BitsToSingle((power << 23) + step));
            }
        }
    }

    /// <summary>What Python prints. Of these powers of two .NET gives a text that reads back as their neighbour.</summary>
    [Theory]
    [InlineData(2.9802322387695312E-08, "2.9802322387695312e-08")]
    [InlineData(4.1045368012983762E-289, "4.1045368012983762e-289")]
    public void Doubles_that_NET_writes_as_their_neighbour_are_written_as_Python_does(double value, string expected) => Write(value).Should().Be(expected);

    [Fact]
    public void Decimals_are_read_as_NET_reads_them()
    {
        Random random = new(4);
        StringBuilder text = new();
        for (int i = 0; i < Many; i++)
        {
            text.Clear().Append(random.Next(2) == 0 ? "-" : "").Append((ulong)random.NextInt64(long.MaxValue) >> random.Next(0, 63));
            if (random.Next(4) > 0)
            {
                text.Append('.').Append(((ulong)random.NextInt64(long.MaxValue) >> random.Next(20, 63)).ToString(CultureInfo.InvariantCulture).PadLeft(random.Next(1, 14), '0'));
            }

            CheckRead(text.ToString());
        }
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-0.0")]
    [InlineData("9007199254740992")]
    [InlineData("9007199254740993")]
    [InlineData("9007199254740993.0")]
    [InlineData("9007199254740995")]
    [InlineData("9007199254740993.001")]
    [InlineData("9999999999999999999")]
    [InlineData("18446744073709551615")]
    [InlineData("0.9999999999999999")]
    [InlineData("0.99999999999999999")]
    [InlineData("0.999999999999999999")]
    [InlineData("0.000000000000000001")]
    [InlineData("4503599627370496.5")]
    [InlineData("4503599627370497.5")]
    [InlineData("1152921504606846976")]
    [InlineData("1.7976931348623157e308")]
    public void Decimals_at_the_edges_are_read_as_NET_reads_them(string text) => CheckRead(text);

    [Fact]
    public void An_integer_has_no_negative_zero() => double.IsNegative(Read("-0")).Should().BeFalse("Python reads an int there");

    private static void CheckRead(string text)
    {
        double expected = double.Parse(text, CultureInfo.InvariantCulture);
        long read = BitConverter.DoubleToInt64Bits(Read(text));
        if (read != BitConverter.DoubleToInt64Bits(expected) && text != "-0")
        {
            Assert.Fail($"{text} was read as {BitConverter.Int64BitsToDouble(read):R}, but is {expected:R}.");
        }
    }

    private static double Read(string text)
    {
        JsonReader reader = new(Encoding.ASCII.GetBytes(text), JsonLimits.Default);
        double value = reader.ReadDouble();
        reader.ReadEnd();
        return value;
    }

    private void CheckNear(double value, int steps)
    {
        for (int step = -steps; step <= steps; step++)
        {
            Check(BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(value) + step));
        }
    }

    private void Check(double value)
    {
        if (!double.IsFinite(value))
        {
            return;
        }

        string expected = InPythonsForm(value.ToString("R", CultureInfo.InvariantCulture));
        string written = Write(value);
        if (written != expected && double.Parse(expected, CultureInfo.InvariantCulture) == value)
        {
            Assert.Fail($"{expected} was written as {written}.");
        }
    }

    private void Check(float value)
    {
        if (!float.IsFinite(value))
        {
            return;
        }

        string expected = InPythonsForm(value.ToString("R", CultureInfo.InvariantCulture));
        string written = Encoding.ASCII.GetString(_room, 0, PythonFloat.Write(value, _room));
        if (written != expected && float.Parse(expected, CultureInfo.InvariantCulture) == value)
        {
            Assert.Fail($"{expected} was written as {written}.");
        }
    }

    private string Write(double value) => Encoding.ASCII.GetString(_room, 0, PythonFloat.Write(value, _room));

    /// <summary>The same digits; an exponent of two digits or more, below 1e-4 and from 1e16 upward.</summary>
    private static string InPythonsForm(string shortest)
    {
        string sign = shortest[0] == '-' ? "-" : "";
        string[] parts = shortest[sign.Length..].Split('E');
        int point = parts[0].IndexOf('.', StringComparison.Ordinal);
        string digits = parts[0].Replace(".", "", StringComparison.Ordinal);
        int before = (point < 0 ? digits.Length : point) + (parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0);
        int zeros = digits.Length - digits.TrimStart('0').Length;
        digits = digits.Trim('0');
        before -= zeros;
        if (digits.Length == 0)
        {
            return sign + "0.0";
        }

        int exponent = before - 1;
        return sign + exponent switch
        {
            < -4 or >= 16 => $"{digits[0]}{(digits.Length > 1 ? "." : "")}{digits[1..]}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}",
            < 0 => $"0.{new string('0', -before)}{digits}",
            _ => $"{digits.PadRight(before, '0')[..before]}.{(digits.Length > before ? digits[before..] : "0")}",
        };
    }
}
