using Gaw.Json;

namespace Gaw.Serialization.Objects;

/// <summary>Reads the members of an object and makes it. <paramref name="progress"/> says at any time how far it is.</summary>
internal delegate T ObjectReader<T>(ref JsonReader reader, ref ObjectProgress progress);

/// <summary>Writes the members of an object. <paramref name="current"/> says at any time which member is being written.</summary>
internal delegate void ObjectMembersWriter<T>(JsonWriter writer, T value, ref int current);

/// <summary>How far the reading of one object is.</summary>
internal struct ObjectProgress
{
    /// <summary>The index of the member that is being read; -1 for none.</summary>
    public int Member;

    /// <summary>The reader has stepped into the object before.</summary>
    public bool HasBegun;

    /// <summary>The first name that the type does not know and that was passed over.</summary>
    public string? Ignored;
}
