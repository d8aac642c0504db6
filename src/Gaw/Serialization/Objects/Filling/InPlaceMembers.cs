using System.Collections;
using Gaw.Serialization.Shapes;
using Gaw.Serialization.Types;

namespace Gaw.Serialization.Objects.Filling;

/// <summary>Members without a setter: what came for them is put into what they hold. Compiled code calls this.</summary>
/// <param name="shape">The type.</param>
/// <param name="converters">Those that read its members, in the order of the members.</param>
internal sealed class InPlaceMembers(ObjectShape shape, IReadOnlyList<ValueConverter> converters)
{
    private readonly string _typeName = TypeNames.Friendly(shape.Type);

    /// <summary>Puts what came into a member that has no setter: into the field behind it, as the property may give a copy, or else into what it gives.</summary>
    /// <param name="index">The member.</param>
    /// <param name="existing">The value that the member has after construction.</param>
    /// <param name="behind">The value of the field behind it; <see langword="null"/> where there is none.</param>
    /// <param name="content">What came.</param>
    /// <exception cref="GawSerializationException">There is nothing that could be filled.</exception>
    public void Fill(int index, object? existing, object? behind, object? content)
    {
        if (content is null ? existing is null : converters[index] is IInPlaceConverter converter && (TryFill(converter, behind, content) || TryFill(converter, existing, content)))
        {
            return;
        }

        string found = content is null ? "null came for it" : existing is null ? "it is null after construction" : $"the {TypeNames.Friendly(existing.GetType())} that it holds after construction cannot be changed";
        throw new GawSerializationException($"{_typeName}.{shape.Members[index].Source.Name} has no setter, and {found}. Add a constructor parameter or a setter for it.");
    }

    /// <summary>Makes sure that a view shows what was put into the field behind it, which was found by its name only.</summary>
    /// <param name="index">The member.</param>
    /// <param name="shown">What the property gives now.</param>
    /// <param name="content">What came.</param>
    /// <exception cref="GawSerializationException">The property makes something else of the field.</exception>
    public void CheckView(int index, object? shown, object? content)
    {
        if (content is IEnumerable && CountOf(shown) != CountOf(content))
        {
            throw new GawSerializationException($"{_typeName}.{shape.Members[index].Source.Name} has no setter, and shows {CountOf(shown)} items of the {CountOf(content)} that were put into the field behind it. Add a constructor parameter or a setter for it.");
        }
    }

    private static int CountOf(object? items) => items switch
    {
        null => 0,
        ICollection known => known.Count,
        _ => ((IEnumerable)items).Cast<object?>().Count(),
    };

    private static bool TryFill(IInPlaceConverter converter, object? existing, object content) => existing is not null && converter.TryFill(existing, content);
}
