using System.Collections;
using Gaw.Json;
using Gaw.Serialization.Types;

namespace Gaw.Serialization.Collections;

/// <summary>Sequences without an item type, such as <see cref="ArrayList"/>: lists of whatever they hold.</summary>
internal sealed class UntypedSequenceConverter<T> : ValueConverter<T>
    where T : class, IEnumerable
{
    private readonly ValueConverter<List<object?>> _list;

    /// <summary>Makes the converter.</summary>
    /// <param name="list">Converts the items.</param>
    public UntypedSequenceConverter(ValueConverter<List<object?>> list)
    {
        _list = list;
        Unreadable = typeof(T).IsAssignableFrom(typeof(List<object?>)) ? []
            : [new UnreadablePart("", $"{TypeNames.Friendly(typeof(T))} can be sent but not received, as nothing says what its items are. Take a List<object>.")];
    }

    /// <inheritdoc/>
    public override T? Read(ref JsonReader reader) => Unreadable is [] || reader.Peek() is JsonKind.Null
        ? (T?)(object?)_list.Read(ref reader)
        : throw new GawSerializationException(Unreadable[0].Reason);

    /// <inheritdoc/>
    public override void Write(JsonWriter writer, T? value) => _list.Write(writer, value is null ? null : [.. value.Cast<object?>()]);
}
