using System.Collections;
using Gaw.Serialization.Types;

namespace Gaw.Serialization.Streams;

/// <summary>Which types are streams.</summary>
internal static class StreamTypes
{
    /// <summary>The items of a parameter that takes a stream; <see langword="null"/>: it takes none.</summary>
    public static Type? GetItem(Type parameter) =>
        parameter.IsGenericType && parameter.GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>) ? parameter.GetGenericArguments()[0] : null;

    /// <summary>The items of a value that can be sent as nothing else than a stream; <see langword="null"/>: it is none. A list that can be enumerated in both ways stays a list.</summary>
    public static Type? GetItemOfValue(Type type) =>
        typeof(IEnumerable).IsAssignableFrom(type) ? null : GenericTypes.Arguments(type, typeof(IAsyncEnumerable<>))?[0];
}
