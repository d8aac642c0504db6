using System.Collections;
using Gaw.Serialization.Shapes;
using Gaw.Serialization.Types;

namespace Gaw.Serialization.Objects.Filling;

/// <summary>Members without a setter: their values are put into the object that they hold after construction. Compiled code calls this.</summary>
/// <param name="shape">The type.</param>
/// <param name="converters">Those that read its members, in the order of the members.</param>
internal sealed class InPlaceMembers(ObjectShape shape, IReadOnlyList<ValueConverter> converters)
{
    private readonly string _typeName = TypeNames.Friendly(shape.Type);

    /// <summary>Fills a member that has no setter. The field behind it goes first, since the property may give a copy.</summary>
    /// <param name="index">The member.</param>
    /// <param name="existing">The value that the member has after construction.</param>
    /// <param name="behind">The value of the field behind it; <see langword="null"/> where there is none.</param>
    /// <param name="content">The value that was read.</param>
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

    /// <summary>Checks that a view shows the content of the field behind it, which was found by its name only.</summary>
    /// <param name="index">The member.</param>
    /// <param name="shown">What the property gives now.</param>
    /// <param name="content">The value that was read.</param>
    /// <exception cref="GawSerializationException">The property makes something else of the field.</exception>
    public void CheckView(int index, object? shown, object? content)
    {
        if (content is IEnumerable && CountOf(shown) != CountOf(content))
        {
            throw new GawSerializationException($"{_typeName}.{shape.Members[index].Source.Name} has no setter, and shows {CountOf(shown)} items of the {CountOf(content)} that were put into the field behind it. Add a constructor parameter or a setter for it.");
        }
    }

    /// <summary>Gives an object the members of another one.</summary>
    /// <returns><see langword="false"/>: they are not of one class.</returns>
    public bool TryFillAll(object existing, object content)
    {
        if (existing.GetType() != content.GetType())
        {
            return false;
        }

        for (int index = 0; index < converters.Count; index++)
        {
            MemberSource source = shape.Members[index].Source;
            object? value = source.Get(content);
            if (source.IsSettable)
            {
                source.Set(existing, value);
                continue;
            }

            object? behind = shape.Members[index].InPlaceField?.GetValue(existing);
            Fill(index, source.Get(existing), behind, value);
            if (behind is not null)
            {
                CheckView(index, source.Get(existing), value);
            }
        }

        return true;
    }

    private static int CountOf(object? items) => items switch
    {
        null => 0,
        ICollection known => known.Count,
        _ => ((IEnumerable)items).Cast<object?>().Count(),
    };

    private static bool TryFill(IInPlaceConverter converter, object? existing, object content) => existing is not null && converter.TryFill(existing, content);
}
