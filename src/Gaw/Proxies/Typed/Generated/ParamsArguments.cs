using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Gaw.Json;
using Gaw.Proxies.Typed;
using Gaw.Serialization;

namespace Gaw.Proxies;

/// <summary>The items of a <c>params</c> array: each is an argument of its own. For the code of typed clients only.</summary>
/// <typeparam name="T">The type of the items.</typeparam>
/// <param name="items">The items; <see langword="null"/> for none.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
[SuppressMessage("Performance", "CA1815:Override equals and operator equals on value types", Justification = "Arguments are written, never compared.")]
public readonly struct ParamsArguments<T>(T[]? items) : IProxyArguments
{
    private readonly T[]? _items = items;

    static bool IProxyArguments.EndsInParams => true;

    static void IProxyArguments.AddConverters(ValueSerializer serializer, List<ValueConverter> converters, List<string> problems) =>
        ArgumentConverters.Add<T>(serializer, converters, problems);

    void IProxyArguments.Write(JsonWriter writer, ValueConverter[] converters, ref int at)
    {
        ValueConverter<T> converter = Unsafe.As<ValueConverter<T>>(converters[at]);
        int index = 0;
        try
        {
            for (; index < _items?.Length; index++)
            {
                converter.Write(writer, _items[index]);
            }
        }
        catch (GawSerializationException e) when (e.Within($"[{index}]"))
        {
            throw;
        }
    }

    void IProxyArguments.AddTo(List<object?> values)
    {
        foreach (T item in _items ?? [])
        {
            values.Add(item);
        }
    }
}
