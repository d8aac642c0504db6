using System.Text;
using Gaw.Json;
using Gaw.Serialization.Objects.Filling;
using Gaw.Serialization.Shapes;
using Gaw.Serialization.Types;

namespace Gaw.Serialization.Objects;

/// <summary>The names of an object's members as bytes, and the steps of reading and writing that compiled code calls.</summary>
internal sealed class MemberTable
{
    private readonly string _typeName;
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
        _typeName = TypeNames.Friendly(shape.Type);
        InPlace = new InPlaceMembers(shape, converters);
        Errors = new MemberErrors(shape, _aliases);
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

    /// <summary>The messages for values that do not fit.</summary>
    public MemberErrors Errors { get; }

    /// <summary>Fills members that have no setter.</summary>
    public InPlaceMembers InPlace { get; }

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
                throw Errors.Unknown(name.ToString());
            }

            progress.Ignored ??= name.ToString();
            reader.Skip();
        }

        return -1;
    }

    /// <summary>Writes the name of a member.</summary>
    public void Write(JsonWriter writer, int index) => writer.Name(_runs[index]);

    /// <param name="name">The name in the document.</param>
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
}
