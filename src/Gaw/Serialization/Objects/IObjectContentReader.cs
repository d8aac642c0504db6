using Gaw.Json;

namespace Gaw.Serialization.Objects;

/// <summary>A converter that reads the content of a marked object.</summary>
internal interface IObjectContentReader
{
    /// <summary>Consumes an object. Marker keys in it are names of members as any others.</summary>
    object ReadContentBoxed(ref JsonReader reader);
}
