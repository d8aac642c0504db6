using Gaw.Json;
using Gaw.Serialization.Marking;
using Gaw.Shared;

namespace Gaw.JsonWeb.Envelopes;

/// <summary>Takes apart the payload of a request in any form that the original's server takes: its arguments by position, by name, and its <c>meta</c>.</summary>
internal static class AnyPayloadForm
{
    private static readonly ErrorInfo BadArgs = new("TypeError", "args must be a tuple or a list");
    private static readonly ErrorInfo BadKwargs = new("TypeError", "kwargs must be a dict");

    /// <returns>Its first problem; <see langword="null"/>: none.</returns>
    /// <exception cref="JsonFormatException">It is not JSON as Python writes it.</exception>
    public static ErrorInfo? Read(ReadOnlySpan<byte> payload, JsonLimits limits, ref Request request)
    {
        JsonReader reader = new(payload, limits);
        if (reader.Peek() != JsonKind.Object)
        {
            return new ErrorInfo("AssertionError", "request payload must be a dict of the function arguments");
        }

        ReadOnlySpan<byte> args = default;
        ReadOnlySpan<byte> kwargs = default;
        reader.BeginObject();
        while (reader.NextProperty(out JsonText name))
        {
            if (name.Equals("args"u8))
            {
                args = reader.Skip();
            }
            else if (name.Equals("kwargs"u8))
            {
                kwargs = reader.Skip();
            }
            else if (name.Equals("meta"u8) && reader.Peek() == JsonKind.Object)
            {
                request.Meta = reader.Skip();
            }
            else
            {
                reader.Skip();
            }
        }

        if (args.IsEmpty || kwargs.IsEmpty)
        {
            return new ErrorInfo("KeyError", args.IsEmpty ? "'args'" : "'kwargs'");
        }

        request.Args = UnwrapTuple(args, limits);
        request.Kwargs = kwargs;
        return request.Args.IsEmpty ? BadArgs : kwargs[0] != '{' ? BadKwargs : null;
    }

    /// <summary>The list in <c>{"_v": [...], "_t": "tuple"}</c>, in a set's marker, or the list itself; empty for anything else.</summary>
    private static ReadOnlySpan<byte> UnwrapTuple(ReadOnlySpan<byte> args, JsonLimits limits)
    {
        if (args[0] == '[')
        {
            return args;
        }

        ReadOnlySpan<byte> items = default;
        bool isTuple = false;
        if (args[0] == '{')
        {
            JsonReader reader = new(args, limits);
            reader.BeginObject();
            while (reader.NextProperty(out JsonText name))
            {
                if (name.Equals(Markers.Value))
                {
                    items = reader.Skip();
                }
                else if (name.Equals(Markers.Tag) && reader.Peek() == JsonKind.String)
                {
                    JsonText type = reader.ReadText();
                    isTuple = Markers.IsSequence(type);
                }
                else
                {
                    reader.Skip();
                }
            }
        }

        return isTuple && !items.IsEmpty && items[0] == '[' ? items : default;
    }
}
