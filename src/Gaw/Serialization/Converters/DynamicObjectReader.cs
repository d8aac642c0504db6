using Gaw.Json;
using Gaw.Serialization.Marking;
using Gaw.Serialization.Moments;
using Gaw.Serialization.Objects;
using Gaw.Serialization.Text;
using Gaw.Serialization.Types;

namespace Gaw.Serialization.Converters;

/// <summary>Reads an object of a type that is known at run time only: the type of its tag, or a dictionary.</summary>
/// <param name="serializer">Knows the types of the tags.</param>
/// <param name="values">Reads what it holds.</param>
internal sealed class DynamicObjectReader(ValueSerializer serializer, DynamicConverter values)
{
    public object Read(ref JsonReader reader)
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
                // The last tag counts, so one look ahead is enough, however often the key comes.
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

    /// <summary>Reads the value of <c>_v</c>. An object with a registered tag is made at once, though the tag mostly comes later.</summary>
    private MarkedContent ReadContent(ref JsonReader reader, string? expectedTag)
    {
        if (reader.Peek() is not JsonKind.Object)
        {
            return new MarkedContent(values.Read(ref reader), null);
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
            members[key] = values.Read(ref reader);
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
}
