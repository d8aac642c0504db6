using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Gaw.Json;
using Gaw.Proxies.Typed;
using Gaw.Serialization;

namespace Gaw.Proxies;

/// <summary>An argument and those behind it: any number of them, typed, so that none is boxed. For the code of typed clients only.</summary>
/// <typeparam name="T">The parameter's type.</typeparam>
/// <typeparam name="TRest">The arguments behind it: this type again, <see cref="ParamsArguments{T}"/> or <see cref="NoArguments"/>.</typeparam>
/// <param name="value">The argument.</param>
/// <param name="rest">The arguments behind it.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
[SuppressMessage("Performance", "CA1815:Override equals and operator equals on value types", Justification = "Arguments are written, never compared.")]
public readonly struct Arguments<T, TRest>(T value, TRest rest) : IProxyArguments
    where TRest : struct, IProxyArguments
{
    private readonly T _value = value;
    private readonly TRest _rest = rest;

    static bool IProxyArguments.EndsInParams => TRest.EndsInParams;

    static void IProxyArguments.AddConverters(ValueSerializer serializer, List<ValueConverter> converters, List<string> problems)
    {
        ArgumentConverters.Add<T>(serializer, converters, problems);
        TRest.AddConverters(serializer, converters, problems);
    }

    void IProxyArguments.Write(JsonWriter writer, ValueConverter[] converters, ref int at)
    {
        // AddConverters has put it there.
        Unsafe.As<ValueConverter<T>>(converters[at]).Write(writer, _value);
        at++;
        _rest.Write(writer, converters, ref at);
    }

    void IProxyArguments.AddTo(List<object?> values)
    {
        values.Add(_value);
        _rest.AddTo(values);
    }
}
