using Gaw.Serialization.Shapes;
using Gaw.Serialization.Types;
using Gaw.Shared;

namespace Gaw.Serialization.Objects;

/// <summary>The messages for objects whose values do not fit the type. Compiled code calls this.</summary>
/// <param name="shape">The type.</param>
/// <param name="aliases">Further names of the members, with their indexes.</param>
internal sealed class MemberErrors(ObjectShape shape, Dictionary<string, int> aliases)
{
    private readonly string _typeName = TypeNames.Friendly(shape.Type);

    /// <summary>A required member did not come.</summary>
    public GawSerializationException Missing(int index) =>
        new($"{_typeName} lacks its member \"{shape.Members[index].WireName}\".");

    /// <summary>A name came that the type does not have.</summary>
    public GawSerializationException Unknown(string name)
    {
        string? near = NameSuggestion.FindNearest(name, shape.Members.Select(static member => member.WireName));
        return new($"{_typeName} has no member \"{ReadErrors.Cut(name)}\"; it has {KnownNames()}.{(near is null ? "" : $" Did you mean \"{near}\"?")} To pass over what is not known, set UnknownMembers to Ignore.");
    }

    /// <summary>A constructor or setter refused the values.</summary>
    public GawSerializationException CannotMake(Exception cause, ref ObjectProgress progress)
    {
        if (cause is GawSerializationException known)
        {
            return known;
        }

        if (cause is ArgumentException { ParamName: { } parameter } && aliases.TryGetValue(parameter, out int index))
        {
            progress.Member = index;
        }

        return ReadErrors.CannotMake(shape.Type, cause);
    }

    private string KnownNames() => shape.Members.Count == 0 ? "none" : string.Join(", ", shape.Members.Select(static member => member.WireName));
}
