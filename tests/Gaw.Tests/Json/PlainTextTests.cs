using System.Globalization;
using System.Text;
using Gaw.Json;

namespace Gaw.Tests.Json;

/// <summary>Texts are looked at in blocks: whatever stands wherever in a block, or across two, is written as Python does, and read back.</summary>
public sealed class PlainTextTests
{
    public static TheoryData<string> Specials => ["", "\"", "\\", "\n", "\0", "\u001f", " ", "~", "\u007f", "\u0080", "é", "ก", "\u2028", "\uff22", "\u0141", "😀", "\ud800", "\udc00", "\"\"", "\\\\"];

    [Theory]
    [MemberData(nameof(Specials))]
    public void A_character_at_any_place_is_written_as_Python_does_and_read_back(string special)
    {
        using JsonWriter writer = new();
        foreach (int length in Enumerable.Range(0, 36).Concat([47, 48, 49, 62, 63, 64, 65, 66, 79, 80, 81, 130, 300]))
        {
            string plain = string.Create(length, 0, static (chars, _) =>
            {
                for (int i = 0; i < chars.Length; i++)
                {
                    chars[i] = (char)('A' + (i % 26));
                }
            });
            for (int at = 0; at <= length; at++)
            {
                string text = plain.Insert(at, special);
                writer.Reset();
                writer.String(text);
                string written = Encoding.UTF8.GetString(writer.Written);
                Expect(written, Quoted(text));
                Expect(Read(written, inFrontOf: ""), text);
                Expect(Read(written, inFrontOf: ", \"and more than one block behind it\""), text);
            }
        }
    }

    /// <summary>As a peer sends it that does not escape.</summary>
    [Theory]
    [InlineData("é")]
    [InlineData("ก")]
    [InlineData("😀")]
    [InlineData("\u007f")]
    public void A_character_that_needs_no_escape_is_read_at_any_place(string special)
    {
        foreach (int length in new[] { 0, 1, 7, 15, 16, 17, 31, 40, 63, 64, 65, 100 })
        {
            for (int at = 0; at <= length; at++)
            {
                string text = new string('x', length).Insert(at, special);
                Expect(Read($"\"{text}\"", inFrontOf: ""), text);
                Expect(Read($"\"{text}\"", inFrontOf: ", \"\u00ff and more than one block behind it\""), text);
            }
        }
    }

    [Fact]
    public void Every_UTF16_unit_is_read_from_its_escape_in_either_case()
    {
        for (int unit = 0; unit <= char.MaxValue; unit++)
        {
            string expected = ((char)unit).ToString();
            Expect(Read($"\"\\u{unit:x4}\"", inFrontOf: ""), expected);
            Expect(Read($"\"\\u{unit:X4}\"", inFrontOf: ""), expected);
        }
    }

    [Theory]
    [InlineData("\\u12")]
    [InlineData("\\u12g4")]
    [InlineData("\\u12G4")]
    [InlineData("\\u/234")]
    [InlineData("\\u:234")]
    [InlineData("\\u@234")]
    [InlineData("\\u`234")]
    [InlineData("\\u-234")]
    [InlineData("\\U1234")]
    [InlineData("\\x")]
    [InlineData("\u0001")]
    public void What_is_no_escape_is_refused_at_any_place(string bad)
    {
        foreach (int length in new[] { 0, 1, 15, 16, 17, 63, 64, 65, 100 })
        {
            string json = $"\"{new string('x', length)}{bad}{new string('y', length)}\"";
            FluentActions.Invoking(() => Read(json, inFrontOf: "")).Should().Throw<JsonFormatException>().Which.Position.Should().Be(length + 1);
        }
    }

    private static void Expect(string actual, string expected)
    {
        if (actual != expected)
        {
            Assert.Fail($"Expected {expected}, but got {actual}.");
        }
    }

    private static string Read(string json, string inFrontOf)
    {
        JsonReader reader = new(Encoding.UTF8.GetBytes(json + inFrontOf), JsonLimits.Default);
        return reader.ReadString();
    }

    private static string Quoted(string text)
    {
        StringBuilder quoted = new("\"");
        foreach (char character in text)
        {
            quoted.Append(character switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                >= ' ' and <= '~' => character.ToString(),
                _ => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}"),
            });
        }

        return quoted.Append('"').ToString();
    }
}
