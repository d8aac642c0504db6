using Gaw.Json;
using Gaw.Serialization.Collections;

namespace Gaw.Serialization.Converters;

/// <summary>
/// Values of a type that is known at run time only: written by their own type, read as the natural type of the JSON.
/// </summary>
internal sealed class DynamicConverter : ValueConverter<object>
{
    private static readonly object True = true;
    private static readonly object False = false;

    private readonly ValueSerializer _serializer;
    private readonly DynamicObjectReader _objects;

    public DynamicConverter(ValueSerializer serializer)
    {
        _serializer = serializer;
        _objects = new DynamicObjectReader(serializer, this);
    }

    /// <inheritdoc/>
    public override object? Read(ref JsonReader reader)
    {
        switch (reader.Peek())
        {
            case JsonKind.Object:
                return _objects.Read(ref reader);
            case JsonKind.Array:
                return SequenceReader.ReadList<object?>(ref reader, this!);
            case JsonKind.String:
                return reader.ReadString();
            case JsonKind.Integer:
                return BoxedIntegers.Read(ref reader);
            case JsonKind.Float:
                return reader.ReadDouble();
            case JsonKind.True or JsonKind.False:
                return reader.ReadBoolean() ? True : False;
            case JsonKind.Null:
                reader.ReadNull();
                return null;
            default:
                reader.Skip();
                return null;
        }
    }

    /// <inheritdoc/>
    public override void Write(JsonWriter writer, object? value)
    {
        switch (value)
        {
            case null:
                writer.Null();
                break;
            case string text:
                writer.String(text);
                break;
            case int integer:
                writer.Integer(integer);
                break;
            case double number:
                writer.Float(number);
                break;
            case bool flag:
                writer.Boolean(flag);
                break;
            case { } when value.GetType() == typeof(object):
                throw new GawSerializationException("A bare object cannot cross: it has nothing to send.");
            default:
                _serializer.GetOfValue(value.GetType()).WriteBoxed(writer, value);
                break;
        }
    }
}
