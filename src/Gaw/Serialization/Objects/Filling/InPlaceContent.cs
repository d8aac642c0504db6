using System.Reflection;
using Gaw.Serialization.Shapes;

namespace Gaw.Serialization.Objects.Filling;

/// <summary>What a member without a setter is filled with.</summary>
/// <param name="Type">The type its content is read as; <see langword="null"/>: it cannot be filled.</param>
/// <param name="Behind">The field behind a view; <see langword="null"/>: there is none.</param>
internal readonly record struct InPlaceContent(Type? Type, FieldInfo? Behind)
{
    public static InPlaceContent Of(Type owner, MemberSource member)
    {
        if (!InPlace.IsPlace(member))
        {
            return default;
        }

        FieldInfo? behind = InPlace.FieldBehind(member);
        return new InPlaceContent(InPlace.ContentType(owner, member) ?? (behind is null ? null : InPlace.CollectionContent(behind.FieldType)), behind);
    }
}
