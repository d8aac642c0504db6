using System.Reflection;
using System.Text;
using Gaw.Serialization;
using Gaw.Serialization.Streams;
using Gaw.Serialization.Types;
using Gaw.Shared;

namespace Gaw.Services;

/// <summary>A parameter of an entrypoint that is read from the wire.</summary>
internal sealed class Parameter
{
    private readonly Func<ParameterSlot> _createSlot;

    public Parameter(ParameterInfo info, ValueSerializer serializer)
    {
        Type = info.ParameterType;
        Name = WireNames.ToSnakeCase(info.Name!);
        IsParams = Signatures.IsParams(info);
        IsOptional = info.HasDefaultValue || IsParams;
        Utf8Names = [.. new[] { Name, info.Name! }.Distinct().Select(Encoding.UTF8.GetBytes)];
        ItemType = StreamTypes.GetItem(Type);
        serializer.Learn(ItemType ?? Type);
        if (ItemType is not null)
        {
            _createSlot = GeneratedSlots.Find(ItemType) is { } stream ? stream.StreamSlots(serializer, Name)
                : (Func<ParameterSlot>)Make(nameof(CreateStreamSlots), ItemType).Invoke(null, BindingFlags.DoNotWrapExceptions, null, [serializer, Name], null)!;
            return;
        }

        Type item = IsParams ? Type.GetElementType()! : Type;
        _createSlot = GeneratedSlots.Find(item) is { } compiled ? (IsParams ? compiled.ParamsSlots(serializer) : compiled.Slots(serializer, info))
            : IsParams ? (Func<ParameterSlot>)Make(nameof(CreateParamsSlots), item).Invoke(null, BindingFlags.DoNotWrapExceptions, null, [serializer], null)!
            : (Func<ParameterSlot>)Make(nameof(CreateSlots), item).Invoke(null, BindingFlags.DoNotWrapExceptions, null, [serializer, info], null)!;
    }

    /// <summary>The name in snake_case, as a Python caller writes it.</summary>
    public string Name { get; }

    public Type Type { get; }

    /// <summary>The type of the items of a parameter that takes a stream; <see langword="null"/>: it takes one value.</summary>
    public Type? ItemType { get; }

    /// <summary>The names it can be given by: in snake_case, and as it stands in C#.</summary>
    public byte[][] Utf8Names { get; }

    public bool IsOptional { get; }

    public bool IsParams { get; }

    public ParameterSlot CreateSlot() => _createSlot();

    /// <summary><c>a: int</c>, as in a signature.</summary>
    public override string ToString()
    {
        string type = ItemType is null ? TypeNames.Friendly(Type) : $"stream of {TypeNames.Friendly(ItemType)}";
        return $"{(IsParams ? "*" : "")}{Name}: {type}{(IsOptional && !IsParams ? " = …" : "")}";
    }

    internal static Func<ParameterSlot> CreateSlots<T>(ValueSerializer serializer, ParameterInfo info)
    {
        ValueConverter<T> converter = serializer.Get<T>();

        // A default that is the type's own reads as null, also for a struct.
        T? defaultValue = ParameterDefaults.Of(info) is T value ? value : default;
        return () => new ParameterSlot<T>(converter, defaultValue);
    }

    internal static Func<ParameterSlot> CreateParamsSlots<TItem>(ValueSerializer serializer)
    {
        ValueConverter<TItem[]> converter = serializer.Get<TItem[]>();
        ValueConverter<TItem> itemConverter = serializer.Get<TItem>();
        return () => new ParamsSlot<TItem>(converter, itemConverter);
    }

    internal static Func<ParameterSlot> CreateStreamSlots<TItem>(ValueSerializer serializer, string name)
    {
        ValueConverter<TItem> converter = serializer.Get<TItem>();
        ItemsConverter<TItem> list = new(converter);
        return () => new StreamParameterSlot<TItem>(name, converter, list);
    }

    private static MethodInfo Make(string method, Type argument) =>
        typeof(Parameter).GetMethod(method, BindingFlags.Static | BindingFlags.NonPublic)!.MakeGenericMethod(argument);
}
