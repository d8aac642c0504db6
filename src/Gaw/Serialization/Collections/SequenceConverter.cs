using Gaw.Json;
using Gaw.Serialization.Converters;
using Gaw.Serialization.Marking;
using Gaw.Serialization.Objects.Filling;
using Gaw.Serialization.Text;
using Gaw.Serialization.Types;

namespace Gaw.Serialization.Collections;

/// <summary>
/// Sequences of any kind. A list goes out as an array, a set under the tag <c>set</c>, <c>object[]</c> under the tag <c>tuple</c>; each is read
/// from all three, since the type asked for says what it shall become.
/// </summary>
internal sealed class SequenceConverter<TSequence, TItem> : MarkedConverter<TSequence>, IInPlaceConverter
    where TSequence : IEnumerable<TItem>
{
    private static readonly bool IsSetOfAnything = typeof(TItem) == typeof(object) && typeof(IReadOnlySet<TItem>).IsAssignableFrom(typeof(TSequence));

    /// <summary>Whether a value may be of a class that derives from the one declared.</summary>
    private static readonly bool MayBeDerived = typeof(TSequence) is { IsClass: true, IsSealed: false };

    private readonly ValueConverter<TItem> _item;
    private readonly ItemsWriter<TItem> _items;
    private readonly SequenceRead<TSequence, TItem>? _read;
    private readonly string? _tag;

    /// <summary>Makes the converter.</summary>
    /// <param name="item">Converts the items.</param>
    /// <param name="read">Consumes an array; <see langword="null"/> when the type can be written only.</param>
    /// <param name="tag">The tag it is written under; <see langword="null"/> for a plain array.</param>
    public SequenceConverter(ValueConverter<TItem> item, SequenceRead<TSequence, TItem>? read, string? tag)
    {
        _item = item;
        _items = new ItemsWriter<TItem>(item);
        _read = read;
        _tag = tag;
        Unreadable = read is null
            ? [new UnreadablePart("", $"{TypeNames.Friendly(typeof(TSequence))} can be sent but not received, as {(SequenceFactories.IsReadOnly(typeof(TSequence), typeof(TItem)) ? "it is read-only" : "nothing says how one is made")}. Take an array or a List<{TypeNames.Friendly(typeof(TItem))}>.")]
            : UnreadablePart.Of([("[]", item)]);
    }

    /// <inheritdoc/>
    public bool TryFill(object existing, object content) => CollectionFiller.TryFill(existing, content as IReadOnlyCollection<TItem> ?? [.. (IEnumerable<TItem>)content]);

    /// <inheritdoc/>
    public override void Write(JsonWriter writer, TSequence? value)
    {
        if (value is null)
        {
            writer.Null();
            return;
        }

        if (MayBeDerived && value.GetType() != typeof(TSequence))
        {
            CollectionRules.CheckDerived(typeof(TSequence), value.GetType());
        }

        if (IsSetOfAnything)
        {
            PythonEquality.CheckDistinct((IEnumerable<object?>)value);
        }
        else if (value is HashSet<TItem> set && Comparers.MayBeFiner(set.Comparer) && set.Distinct().Count() < set.Count)
        {
            throw new GawSerializationException("The set has two items that are equal without its comparer, which does not travel. Send a list.");
        }

        if (_tag is null)
        {
            _items.Write(writer, value);
            return;
        }

        Markers.Begin(writer);
        _items.Write(writer, value);
        Markers.End(writer, _tag);
    }

    /// <inheritdoc/>
    protected override bool Accepts(JsonText tag) => Markers.IsSequence(tag);

    /// <inheritdoc/>
    protected override TSequence ReadContent(ref JsonReader reader) => reader.Peek() is JsonKind.Array ? ReadArray(ref reader) : throw Mismatch(ref reader);

    private TSequence ReadArray(ref JsonReader reader)
    {
        if (_read is null)
        {
            throw new GawSerializationException(Unreadable[0].Reason);
        }

        try
        {
            return _read(ref reader, _item);
        }
        catch (Exception e) when (ReadErrors.IsOfTheType(e))
        {
            throw ReadErrors.CannotMake(typeof(TSequence), e);
        }
    }
}
