using System.Collections;
using System.Text;
using Gaw.Json;
using Gaw.Serialization.Shapes;
using Gaw.Serialization.Types;
using Gaw.Shared;

namespace Gaw.Serialization.Objects;

/// <summary>The names of an object's members as bytes, and the steps of reading and writing that compiled code calls.</summary>
internal sealed class MemberTable
{
    private readonly ObjectShape _shape;
    private readonly string _typeName;
    private readonly IReadOnlyList<ValueConverter> _converters;
    private readonly bool _ignoresUnknown;
    private readonly byte[][] _wireNames;
    private readonly NameRun[] _runs;
    private readonly Dictionary<string, int> _aliases = new(StringComparer.Ordinal);

    /// <summary>Makes the names of a type.</summary>
    /// <param name="shape">The type.</param>
    /// <param name="converters">Those that read its members, in the order of the members.</param>
    /// <param name="ignoresUnknown">Whether names that the type does not have are passed over, and not refused.</param>
    public MemberTable(ObjectShape shape, IReadOnlyList<ValueConverter> converters, bool ignoresUnknown)
    {
        _shape = shape;
        _typeName = TypeNames.Friendly(shape.Type);
        _converters = converters;
        _ignoresUnknown = ignoresUnknown;
        _wireNames = [.. shape.Members.Select(static member => Encoding.UTF8.GetBytes(member.WireName))];
        _runs = [.. shape.Members.Select(static member => new NameRun(member.WireName))];
        for (int index = 0; index < shape.Members.Count; index++)
        {
            foreach (string alias in shape.Members[index].Aliases)
            {
                _aliases.TryAdd(alias, index);
            }
        }
    }

    /// <summary>Whether the first member is ahead in its usual form, in an object that was stepped into; nothing is consumed.</summary>
    public bool IsFirstAhead(ref JsonReader reader) => _runs.Length > 0 && reader.IsFirstAhead(_runs[0]);

    /// <summary>Steps into an object, unless that was done.</summary>
    public void Begin(ref JsonReader reader, ref ObjectProgress progress)
    {
        if (progress.HasBegun)
        {
            return;
        }

        if (reader.Peek() is not JsonKind.Object)
        {
            throw ReadErrors.Mismatch(_typeName, ref reader);
        }

        reader.BeginObject();
    }

    /// <summary>Consumes the next name.</summary>
    /// <returns>The index of the member; -1 at the end of the object.</returns>
    public int Next(ref JsonReader reader, ref ObjectProgress progress)
    {
        int likely = progress.Member + 1;
        if (likely < _runs.Length && reader.TryNextProperty(_runs[likely]))
        {
            return progress.Member = likely;
        }

        progress.Member = -1;
        while (reader.NextProperty(out JsonText name))
        {
            int index = Find(name, likely);
            if (index >= 0)
            {
                return progress.Member = index;
            }

            if (!_ignoresUnknown)
            {
                throw Unknown(name.ToString());
            }

            progress.Ignored ??= name.ToString();
            reader.Skip();
        }

        return -1;
    }

    /// <summary>A required member did not come.</summary>
    public GawSerializationException Missing(int index) =>
        new($"{_typeName} lacks its member \"{_shape.Members[index].WireName}\".");

    /// <summary>A name came that the type does not have.</summary>
    public GawSerializationException Unknown(string name)
    {
        string? near = NameSuggestion.FindNearest(name, _shape.Members.Select(static member => member.WireName));
        return new($"{_typeName} has no member \"{ReadErrors.Cut(name)}\"; it has {KnownNames()}.{(near is null ? "" : $" Did you mean \"{near}\"?")} To pass over what is not known, set UnknownMembers to Ignore.");
    }

    /// <summary>A constructor or setter refused the values.</summary>
    public GawSerializationException CannotMake(Exception cause, ref ObjectProgress progress)
    {
        if (cause is GawSerializationException known)
        {
            return known;
        }

        if (cause is ArgumentException { ParamName: { } parameter } && _aliases.TryGetValue(parameter, out int index))
        {
            progress.Member = index;
        }

        return ReadErrors.CannotMake(_shape.Type, cause);
    }

    /// <summary>Puts what came into a member that has no setter: into the field behind it, as the property may give a copy, or else into what it gives.</summary>
    /// <param name="index">The member.</param>
    /// <param name="existing">The value that the member has after construction.</param>
    /// <param name="behind">The value of the field behind it; <see langword="null"/> where there is none.</param>
    /// <param name="content">What came.</param>
    /// <exception cref="GawSerializationException">There is nothing that could be filled.</exception>
    public void Fill(int index, object? existing, object? behind, object? content)
    {
        if (content is null ? existing is null : _converters[index] is IInPlaceConverter converter && (TryFill(converter, behind, content) || TryFill(converter, existing, content)))
        {
            return;
        }

        string found = content is null ? "null came for it" : existing is null ? "it is null after construction" : $"the {TypeNames.Friendly(existing.GetType())} that it holds after construction cannot be changed";
        throw new GawSerializationException($"{_typeName}.{_shape.Members[index].Source.Name} has no setter, and {found}. Add a constructor parameter or a setter for it.");
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
            throw new GawSerializationException($"{_typeName}.{_shape.Members[index].Source.Name} has no setter, and shows {CountOf(shown)} items of the {CountOf(content)} that were put into the field behind it. Add a constructor parameter or a setter for it.");
        }
    }

    /// <summary>Writes the name of a member.</summary>
    public void Write(JsonWriter writer, int index) => writer.Name(_runs[index]);

    private static int CountOf(object? items) => items switch
    {
        null => 0,
        ICollection known => known.Count,
        _ => ((IEnumerable)items).Cast<object?>().Count(),
    };

    private static bool TryFill(IInPlaceConverter converter, object? existing, object content) => existing is not null && converter.TryFill(existing, content);

    /// <param name="name">What came.</param>
    /// <param name="likely">The member that is looked at first; it may be behind the last.</param>
    private int Find(JsonText name, int likely)
    {
        if (likely < _wireNames.Length && name.Equals(_wireNames[likely]))
        {
            return likely;
        }

        for (int index = 0; index < _wireNames.Length; index++)
        {
            if (name.Equals(_wireNames[index]))
            {
                return index;
            }
        }

        return _aliases.GetValueOrDefault(name.ToString(), -1);
    }

    private string KnownNames() => _shape.Members.Count == 0 ? "none" : string.Join(", ", _shape.Members.Select(static member => member.WireName));
}
