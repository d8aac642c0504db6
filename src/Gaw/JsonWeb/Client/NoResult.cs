using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using Gaw.Json;
using Gaw.Serialization;

namespace Gaw.Proxies;

/// <summary>The result of a method without one. For the code of typed clients only.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
[SuppressMessage("Performance", "CA1815:Override equals and operator equals on value types", Justification = "There is nothing to compare.")]
public readonly struct NoResult;

/// <summary>Passes over whatever the reply holds: a caller that declares no result wants none.</summary>
internal sealed class NoResultConverter : ValueConverter<NoResult>
{
    public override NoResult Read(ref JsonReader reader)
    {
        reader.Skip();
        return default;
    }

    public override void Write(JsonWriter writer, NoResult value) => writer.Null();
}
