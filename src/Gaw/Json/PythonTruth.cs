namespace Gaw.Json;

/// <summary>Python's idea of truth.</summary>
internal static class PythonTruth
{
    /// <summary>Null, false, zero, and an empty text, list or object are false; all else is true.</summary>
    public static bool IsTrue(ReadOnlySpan<byte> json)
    {
        switch (json[0])
        {
            case (byte)'f' or (byte)'n':
                return false;
            case (byte)'"' or (byte)'[' or (byte)'{':
                // Empty: the two signs enclose nothing, or white space.
                return json[0] == (byte)'"' ? json.Length > 2 : json[1..^1].IndexOfAnyExcept(" \t\r\n"u8) >= 0;
            default:
                // Zero in any of its forms, such as -0.0e5, has no other digit in front of the exponent; NaN and Infinity are true.
                int exponent = json.IndexOfAny((byte)'e', (byte)'E');
                ReadOnlySpan<byte> digits = exponent < 0 ? json : json[..exponent];
                return digits.IndexOfAnyExcept("-0."u8) >= 0;
        }
    }
}
