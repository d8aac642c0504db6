using System.ComponentModel;
using Gaw.Json;
using Gaw.Serialization;

namespace Gaw.Proxies;

/// <summary>The arguments of a typed call. For the code of typed clients only.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IProxyArguments
{
    /// <summary>The last parameter collects the remaining arguments.</summary>
    internal static abstract bool EndsInParams { get; }

    /// <summary>Adds the converters of these arguments in their order, and lets the serializer learn their types. Their problems go to <paramref name="problems"/>.</summary>
    internal static abstract void AddConverters(ValueSerializer serializer, List<ValueConverter> converters, List<string> problems);

    /// <summary>Writes the arguments one after another; <paramref name="at"/> is the index of the one being written.</summary>
    internal void Write(JsonWriter writer, ValueConverter[] converters, ref int at);

    /// <summary>Adds the arguments one after another.</summary>
    internal void AddTo(List<object?> values);
}
