using Gaw.Description;

namespace Gaw.Tests.Description;

/// <summary>How a method is shown to readers.</summary>
public sealed class SignatureTextTests
{
    [Theory]
    [InlineData("plain text", "\"plain text\"", "quotes say that it is a text")]
    [InlineData("grüße 你好", "\"grüße 你好\"", "letters of all scripts stay readable")]
    [InlineData("a\tb\n", "\"a\\tb\\n\"", "control characters by their escapes")]
    [InlineData("\u0007\u200e\u2028", "\"\\u0007\\u200e\\u2028\"", "what cannot be seen by its code")]
    [InlineData("C:\\u0041", "\"C:\\\\u0041\"", "a backslash of the text begins no code")]
    [InlineData(5, "5", "a number as it is")]
    [InlineData(1.5, "1.5", "a float with a point, as everywhere")]
    [InlineData(true, "true", "a truth value as in JSON")]
    [InlineData(null, "null", "nothing")]
    public void A_default_is_shown_so_that_it_can_be_read(object? value, string shown, string why)
    {
        Dictionary<string, object?> parameter = new() { ["name"] = "a", ["type"] = "string", ["variadic"] = false, ["default"] = value };

        SignatureText.Of("m", [parameter], "int", isStream: false).Should().Be($"m(a: string = {shown}) -> int", why);
    }

    [Fact]
    public void Streams_and_further_arguments_are_named_as_such()
    {
        Dictionary<string, object?> stream = new() { ["name"] = "items", ["type"] = "int", ["variadic"] = false, ["stream"] = true };
        Dictionary<string, object?> rest = new() { ["name"] = "rest", ["type"] = "string[]", ["variadic"] = true };

        SignatureText.Of("watch", [stream, rest], "Quote", isStream: true).Should().Be("watch(items: stream of int, *rest: string) -> stream of Quote");
    }
}
