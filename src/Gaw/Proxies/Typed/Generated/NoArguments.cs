using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using Gaw.Json;
using Gaw.Serialization;

namespace Gaw.Proxies;

/// <summary>The end of the arguments. For the code of typed clients only.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
[SuppressMessage("Performance", "CA1815:Override equals and operator equals on value types", Justification = "Arguments are written, never compared.")]
public readonly struct NoArguments : IProxyArguments
{
    static bool IProxyArguments.EndsInParams => false;

    static void IProxyArguments.AddConverters(ValueSerializer serializer, List<ValueConverter> converters, List<string> problems)
    {
    }

    void IProxyArguments.Write(JsonWriter writer, ValueConverter[] converters, ref int at)
    {
    }

    void IProxyArguments.AddTo(List<object?> values)
    {
    }
}
