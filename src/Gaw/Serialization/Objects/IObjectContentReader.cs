using Gaw.Json;

namespace Gaw.Serialization.Objects;

/// <summary>What can be made of the inside of a marked object.</summary>
internal interface IObjectContentReader
{
    /// <summary>Consumes an object whose names are those of members, markers or not.</summary>
    object ReadContentBoxed(ref JsonReader reader);
}
