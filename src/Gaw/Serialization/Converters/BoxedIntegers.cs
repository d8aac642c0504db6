using Gaw.Json;

namespace Gaw.Serialization.Converters;

/// <summary>Integers as objects. The small ones, which are most, are boxed once for the process.</summary>
internal static class BoxedIntegers
{
    private const int FirstSmall = -128;
    private const int LastSmall = 1023;

    private static readonly object[] SmallIntegers = BoxSmallIntegers();

    /// <summary>As an <see cref="int"/> where it fits, else the next larger type.</summary>
    public static object Read(ref JsonReader reader)
    {
        if (!reader.TryReadInt64(out long value))
        {
            return reader.ReadInteger();
        }

        return value switch
        {
            >= FirstSmall and <= LastSmall => SmallIntegers[value - FirstSmall],
            >= int.MinValue and <= int.MaxValue => (int)value,
            _ => value,
        };
    }

    private static object[] BoxSmallIntegers()
    {
        object[] boxed = new object[LastSmall - FirstSmall + 1];
        for (int i = 0; i < boxed.Length; i++)
        {
            boxed[i] = FirstSmall + i;
        }

        return boxed;
    }
}
