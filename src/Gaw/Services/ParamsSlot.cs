using Gaw.Json;
using Gaw.Serialization;

namespace Gaw.Services;

/// <summary>The slot of a <c>params</c> array: takes the arguments behind the others, or a list by name.</summary>
internal sealed class ParamsSlot<TItem>(ValueConverter<TItem[]> converter, ValueConverter<TItem> itemConverter) : ParameterSlot<TItem[]>(converter, [])
{
    private int _count;

    public override void ReadItem(ref JsonReader reader)
    {
        TItem? item = itemConverter.Read(ref reader);
        TItem[] items = Value ?? [];
        if (_count == items.Length)
        {
            Array.Resize(ref items, Math.Max(4, _count * 2));
        }

        items[_count++] = item!;
        Value = items;
    }

    /// <summary>Nothing was given by name: the collected items, if any, are the argument.</summary>
    public override void SetDefault()
    {
        TItem[] items = Value ?? [];
        Array.Resize(ref items, _count);
        Value = items;
        IsSet = true;
    }

    public override void Clear()
    {
        base.Clear();
        _count = 0;
    }
}
