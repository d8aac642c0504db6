using Gaw.Json;

namespace Gaw.JsonWeb.ReplyCaching;

/// <summary>Reads two numbers out of an object.</summary>
/// <summary>Reads an object of two numbers.</summary>
internal static class NumberPair
{
    public static (long? First, long? Second) Read(ref JsonReader reader, ReadOnlySpan<byte> firstName, ReadOnlySpan<byte> secondName)
    {
        long? first = null;
        long? second = null;
        reader.BeginObject();
        while (reader.NextProperty(out JsonText name))
        {
            if (name.Equals(firstName) && reader.TryReadInt64(out long one))
            {
                first = one;
            }
            else if (name.Equals(secondName) && reader.TryReadInt64(out long other))
            {
                second = other;
            }
            else
            {
                reader.Skip();
            }
        }

        return (first, second);
    }
}
