using System.Text;
using Gaw.Json;
using Gaw.Serialization.Marking;
using Gaw.Serialization.Types;

namespace Gaw.Serialization.Objects;

/// <summary>Which tags an object of a type may come under.</summary>
/// <param name="type">The type.</param>
/// <param name="tag">Its name on the wire; <see langword="null"/>: it is a plain object.</param>
/// <param name="registry">The types that have a name on the wire.</param>
internal sealed class ObjectTag(Type type, string? tag, TypeRegistry registry)
{
    private readonly byte[]? _own = tag is null ? null : Encoding.UTF8.GetBytes(tag);
    private readonly byte[] _name = Encoding.UTF8.GetBytes(TypeNames.Bare(type));

    /// <summary>The type has a name on the wire.</summary>
    public bool IsGiven => _own is not null;

    /// <summary>A value under this tag can be read as the type: under its own, or, where it has none, under one that nobody has.</summary>
    public bool Accepts(JsonText other)
    {
        if (_own is not null)
        {
            return other.Equals(_own);
        }

        string name = other.ToString();
        return !Markers.IsBuiltIn(name) && registry.Find(name) is null;
    }

    /// <summary>The tag is that of another type, so that each name in the content has to fit.</summary>
    public bool IsForeign(JsonText other) => _own is null && !other.Equals(_name);

    /// <summary>The message for a value under a tag that the type does not take.</summary>
    public GawSerializationException Unaccepted(ref JsonReader start)
    {
        string name = TypeNames.Friendly(type);
        return ReadErrors.Mismatch(name, ref start, IsGiven ? $"If it derives from {name}, add its type to GawTypes (options.Types.Add<...>())." : null);
    }
}
