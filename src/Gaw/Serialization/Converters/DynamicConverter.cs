using Gaw.Json;
using Gaw.Serialization.Collections;
using Gaw.Serialization.Marking;
using Gaw.Serialization.Objects;
using Gaw.Serialization.Text;
using Gaw.Serialization.Types;

namespace Gaw.Serialization.Converters;

/// <summary>
/// Values whose type is not known beforehand: written as what they are, read as the natural type of what is there.
/// </summary>
internal sealed class DynamicConverter(ValueSerializer serializer) : ValueConverter<object>
{
    private const int FirstSmall = -128;
    private const int LastSmall = 1023;

    private static readonly object True = true;
    private static readonly object False = false;
    private static readonly object[] SmallIntegers = BoxSmallIntegers();

    /// <inheritdoc/>
    public override object? Read(ref JsonReader reader)
    {
        switch (reader.Peek())
        {
            case JsonKind.Object:
                return ReadObject(ref reader);
            case JsonKind.Array:
                return SequenceReader.ReadList<object?>(ref reader, this!);
            case JsonKind.String:
                return reader.ReadString();
            case JsonKind.Integer:
                return ReadInteger(ref reader);
            case JsonKind.Float:
                return reader.ReadDouble();
            case JsonKind.True or JsonKind.False:
                return reader.ReadBoolean() ? True : False;
            case JsonKind.Null:
                reader.ReadNull();
                return null;
            default:
                reader.Skip();
                return null;
        }
    }

    /// <inheritdoc/>
    public override void Write(JsonWriter writer, object? value)
    {
        switch (value)
        {
            case null:
                writer.Null();
                break;
            case string text:
                writer.String(text);
                break;
            case int integer:
                writer.Integer(integer);
                break;
            case double number:
                writer.Float(number);
                break;
            case bool flag:
                writer.Boolean(flag);
                break;
            case { } when value.GetType() == typeof(object):
                throw new GawSerializationException("A bare object cannot cross: it has nothing to send.");
            default:
                serializer.GetOfValue(value.GetType()).WriteBoxed(writer, value);
                break;
        }
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

    private static object ReadInteger(ref JsonReader reader)
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

    private object ReadObject(ref JsonReader reader)
    {
        Dictionary<string, object?> members = new Dictionary<string, object?>();
        MarkedContent content = default;
        string? tag = null;
        string? tagAhead = null;
        bool hasLookedAhead = false;
        reader.BeginObject();
        while (reader.NextProperty(out JsonText name))
        {
            if (name.Equals(Markers.Value) && reader.Peek() is not JsonKind.Null)
            {
                // The last tag counts, so that one look is enough however often the key comes.
                if (!hasLookedAhead && !serializer.Registry.IsEmpty && reader.Peek() is JsonKind.Object)
                {
                    tagAhead = Markers.TagAhead(ref reader, beforeValue: true);
                    hasLookedAhead = true;
                }

                content = ReadContent(ref reader, tagAhead ?? tag);
            }
            else if (name.Equals(Markers.Tag) && reader.Peek() is not JsonKind.Null)
            {
                tag = reader.Peek() is JsonKind.String ? reader.ReadString() : throw ReadErrors.Mismatch("a name under the key \"_t\"", ref reader);
            }
            else
            {
                ReadMember(ref reader, name, members, isContent: false);
            }
        }

        return (content.Value, tag) switch
        {
            (null, null) => members,
            (null, _) => throw MarkerErrors.Incomplete(Markers.TagKey),
            (_, null) => throw MarkerErrors.Incomplete(Markers.ValueKey),
            _ => Make(tag, content),
        };
    }

    /// <summary>Reads what stands under <c>_v</c>. An object is made at once when its tag, which mostly comes later, is a registered one.</summary>
    private MarkedContent ReadContent(ref JsonReader reader, string? expectedTag)
    {
        if (reader.Peek() is not JsonKind.Object)
        {
            return new MarkedContent(Read(ref reader), null);
        }

        if (expectedTag is { } tag && serializer.Registry.Find(tag) is { } type)
        {
            return serializer.Get(type) is IObjectContentReader made
                ? new MarkedContent(made.ReadContentBoxed(ref reader), tag)
                : throw ReadErrors.Mismatch(TypeNames.Friendly(type), ref reader);
        }

        Dictionary<string, object?> members = new Dictionary<string, object?>();
        reader.BeginObject();
        while (reader.NextProperty(out JsonText name))
        {
            ReadMember(ref reader, name, members, isContent: true);
        }

        return new MarkedContent(members, null);
    }

    private void ReadMember(ref JsonReader reader, JsonText name, Dictionary<string, object?> members, bool isContent)
    {
        string key = name.ToString();
        try
        {
            members[key] = Read(ref reader);
        }
        catch (GawSerializationException e) when (e.Within(isContent ? key : $"[\"{key}\"]"))
        {
            throw;
        }
    }

    private object Make(string tag, MarkedContent content) => (tag, content.Value) switch
    {
        _ when content.MadeAs is { } made && made == tag => content.Value!,
        (Markers.Tuple, List<object?> items) => items.ToArray(),
        (Markers.Set, List<object?> items) => PythonEquality.ToSet(items),
        (Markers.DateTime, string text) when DateTimeText.TryParse(text, out PythonDateTime moment) => PythonDateTimes.ToNatural(moment),
        (Markers.Uuid, string text) when UuidText.TryParse(text, out Guid uuid) => uuid,
        (not (Markers.Tuple or Markers.Set or Markers.DateTime or Markers.Uuid or ""), Dictionary<string, object?> members)
            when content.MadeAs is null && serializer.Registry.Find(tag) is null => GawObject.Of(tag, members),
        (_, string text) => throw ReadErrors.Mismatch($"a {ReadErrors.Cut(tag)}", ReadErrors.Excerpt(text)),
        _ => throw ReadErrors.Mismatch($"a {ReadErrors.Cut(tag)}", "something of another shape under the key \"_v\""),
    };

    /// <summary>What stood under <c>_v</c>, and the tag for which it was made already.</summary>
    private readonly record struct MarkedContent(object? Value, string? MadeAs);
}
