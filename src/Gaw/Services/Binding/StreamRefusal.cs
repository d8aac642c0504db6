using Gaw.Json;
using Gaw.Serialization.Streams;

namespace Gaw.Services.Binding;

/// <summary>Whether a request gives a stream to a parameter that takes none. Pure: its caller then sends a list.</summary>
internal static class StreamRefusal
{
    /// <summary>An argument is a stream, and the parameter in its place takes none.</summary>
    /// <param name="parameters">The parameters that are read from the wire.</param>
    /// <param name="args">The arguments by position: an array.</param>
    /// <param name="kwargs">The arguments by name: an object.</param>
    /// <param name="limits">What reading may cost.</param>
    public static bool Is(Parameter[] parameters, ReadOnlySpan<byte> args, ReadOnlySpan<byte> kwargs, JsonLimits limits)
    {
        JsonReader reader = new(args, limits);
        reader.BeginArray();
        for (int at = 0; reader.NextItem(); at++)
        {
            if (IsRefused(parameters, ref reader, at))
            {
                return true;
            }
        }

        reader = new JsonReader(kwargs, limits);
        reader.BeginObject();
        while (reader.NextProperty(out JsonText name))
        {
            if (IsRefused(parameters, ref reader, ParameterNames.Find(parameters, name, out _)))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsRefused(Parameter[] parameters, ref JsonReader reader, int parameter)
    {
        // An argument in no place at all is the call's mistake, and no reason to collect a stream.
        int place = parameters is [.., { IsParams: true }] ? Math.Min(parameter, parameters.Length - 1) : parameter;
        bool takesNone = place >= 0 && place < parameters.Length && parameters[place].ItemType is null;
        if (takesNone && StreamMark.TryRead(ref reader, out _))
        {
            return true;
        }

        reader.Skip();
        return false;
    }
}
