using Gaw.Json;

namespace Gaw.Shared;

/// <summary>The members of an <see cref="ErrorInfo"/> as they are read: in any order, and each of them may be missing or no text.</summary>
internal struct ErrorParts
{
    public string? Name;
    public string? Message;
    public string? Trace;

    /// <summary>Reads an object; another value, and members of other names, are passed over.</summary>
    public void ReadObject(ref JsonReader reader)
    {
        if (reader.Peek() != JsonKind.Object)
        {
            return;
        }

        reader.BeginObject();
        while (reader.NextProperty(out JsonText property))
        {
            ReadMember(ref reader, property);
        }
    }

    /// <summary>Reads the value of a member.</summary>
    public void ReadMember(ref JsonReader reader, JsonText property)
    {
        if (reader.Peek() != JsonKind.String)
        {
            reader.Skip();
        }
        else if (property.Equals("name"u8))
        {
            Name = reader.ReadString();
        }
        else if (property.Equals("message"u8))
        {
            Message = reader.ReadString();
        }
        else if (property.Equals("trace"u8))
        {
            Trace = reader.ReadString();
        }
        else
        {
            reader.Skip();
        }
    }
}
