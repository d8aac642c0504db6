namespace Gaw.Json;

/// <content>What is wrong with a document, said without repeating it.</content>
internal ref partial struct JsonReader
{
    private readonly void ThrowTooManyValues() =>
        throw new JsonFormatException(JsonFault.TooManyValues, _position, $"it has more values than the limit of {_limits.MaxValues}.");

    private readonly JsonFormatException Fault(string problem) => new(JsonFault.Syntax, _position, problem);

    private readonly JsonFormatException Unexpected(string expected) => Fault($"met {Met()} where {expected} was expected.");

    private readonly string Met() => _position >= _json.Length ? "the end of the document" : _json[_position] switch
    {
        (byte)'"' => "a quote",
        (byte)',' => "a comma",
        (byte)':' => "a colon",
        (byte)'{' or (byte)'[' => "an opening bracket",
        (byte)'}' or (byte)']' => "a closing bracket",
        >= (byte)'0' and <= (byte)'9' => "a digit",
        0xEF when _position == 0 => "a byte order mark",
        byte other when char.IsAsciiLetter((char)other) => "a letter",
        _ => "a character",
    };
}
