using Gaw.Json;
using Gaw.Serialization;
using Gaw.Serialization.Streams;

namespace Gaw.Services;

/// <summary>The place of one argument in an <see cref="Invocation"/>: typed, so that a number is never boxed.</summary>
internal abstract class ParameterSlot
{
    public bool IsSet { get; protected set; }

    /// <summary>The index of the name under which the argument was given, among the parameter's names; only while arguments are bound by name.</summary>
    public int NameSuggestion { get; set; }

    /// <summary>The number of an argument that is a stream whose items come later; <see langword="null"/>: it is none.</summary>
    public virtual int? StreamNumber => null;

    /// <summary>The argument, boxed: for calls that are not compiled, and for filters.</summary>
    public abstract object? BoxedValue { get; }

    /// <summary>Replaces the argument.</summary>
    /// <exception cref="ArgumentException">The value is not of the parameter's type.</exception>
    public abstract void Replace(object? value, string name);

    /// <summary>Reads the argument.</summary>
    /// <exception cref="GawSerializationException">The value is not of the parameter's type.</exception>
    public abstract void Read(ref JsonReader reader);

    /// <summary>Reads one more of the arguments that a <c>params</c> parameter collects.</summary>
    public virtual void ReadItem(ref JsonReader reader) => throw new InvalidOperationException("Only a params parameter collects arguments.");

    /// <summary>Makes the argument that is a stream, before the method runs.</summary>
    public virtual void OpenStream(StreamFactory streams)
    {
    }

    /// <summary>The argument was left out.</summary>
    public abstract void SetDefault();

    /// <summary>Forgets the argument.</summary>
    public abstract void Clear();
}

/// <inheritdoc/>
internal class ParameterSlot<T>(ValueConverter<T> converter, T? defaultValue) : ParameterSlot
{
    /// <summary>The argument; read by the compiled call.</summary>
    public T? Value;

    public override object? BoxedValue => Value;

    public override void Replace(object? value, string name) => Value = GawFilterContext.Fit<T>(value, name);

    public override void Read(ref JsonReader reader)
    {
        Value = converter.Read(ref reader);
        IsSet = true;
    }

    public override void SetDefault()
    {
        Value = defaultValue;
        IsSet = true;
    }

    public override void Clear()
    {
        Value = default;
        IsSet = false;
    }
}

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
