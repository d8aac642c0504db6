using System.Runtime.CompilerServices;

namespace Gaw.Json;

/// <content>What is wrong with a document, said without repeating it.</content>
internal ref partial struct JsonReader
{
    private readonly void ThrowTooManyValues() =>
        throw new JsonFormatException(JsonFault.TooManyValues, _position, $"it has more values than the limit of {_limits.MaxValues}.");

    private readonly JsonFormatException Fault(string problem) => new(JsonFault.Syntax, _position, problem);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly JsonFormatException Unexpected(string expected) => JsonFormatException.Unexpected(_json, _position, expected);
}
