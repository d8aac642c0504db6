using System.Text;
using Gaw.Json;

namespace Gaw.Serialization;

/// <summary>The names of an object's members as bytes, and the steps of reading and writing that compiled code calls.</summary>
internal sealed class ObjectNames
{
    private readonly Type _type;
    private readonly string _typeName;
    private readonly IReadOnlyList<ObjectMember> _members;
    private readonly byte[][] _wireNames;
    private readonly byte[][] _escapedNames;
    private readonly Dictionary<string, int> _aliases = new(StringComparer.Ordinal);

    public ObjectNames(ObjectShape shape)
    {
        _type = shape.Type;
        _typeName = TypeNames.Friendly(shape.Type);
        _members = shape.Members;
        _wireNames = [.. _members.Select(member => Encoding.UTF8.GetBytes(member.WireName))];
        _escapedNames = [.. _members.Select(member => Escaped(member.WireName))];
        for (int index = 0; index < _members.Count; index++)
        {
            foreach (string alias in _members[index].Aliases)
            {
                _aliases.TryAdd(alias, index);
            }
        }
    }

    /// <summary>Steps into an object.</summary>
    public void Begin(ref JsonReader reader)
    {
        if (reader.Peek() is not JsonKind.Object)
        {
            throw ReadProblem.Mismatch(_typeName, ref reader);
        }

        reader.BeginObject();
    }

    /// <summary>Consumes the next name.</summary>
    /// <returns>The index of the member; -1 at the end of the object.</returns>
    public int Next(ref JsonReader reader, ref int current)
    {
        int likely = current + 1;
        current = -1;
        if (!reader.NextProperty(out JsonText name))
        {
            return -1;
        }

        return current = likely < _wireNames.Length && name.Equals(_wireNames[likely]) ? likely : Find(name);
    }

    /// <summary>A required member did not come.</summary>
    public GawSerializationException Missing(int index) =>
        new($"{_typeName} lacks its member \"{_members[index].WireName}\".");

    /// <summary>A constructor or setter refused the values.</summary>
    public GawSerializationException CannotMake(Exception cause, ref int current)
    {
        if (cause is ArgumentException { ParamName: { } parameter } && _aliases.TryGetValue(parameter, out int index))
        {
            current = index;
        }

        return ReadProblem.CannotMake(_type, cause);
    }

    /// <summary>Writes the name of a member.</summary>
    public void Write(JsonWriter writer, int index) => writer.Name(_escapedNames[index]);

    private int Find(JsonText name)
    {
        for (int index = 0; index < _wireNames.Length; index++)
        {
            if (name.Equals(_wireNames[index]))
            {
                return index;
            }
        }

        string text = name.ToString();
        return _aliases.TryGetValue(text, out int known)
            ? known
            : throw new GawSerializationException($"{_typeName} has no member \"{ReadProblem.Cut(text)}\"; it has {KnownNames()}.");
    }

    private string KnownNames() => _members.Count == 0 ? "none" : string.Join(", ", _members.Select(member => member.WireName));

    private static byte[] Escaped(string name)
    {
        using var writer = new JsonWriter();
        writer.String(name);
        return writer.Written[1..^1].ToArray();
    }
}
