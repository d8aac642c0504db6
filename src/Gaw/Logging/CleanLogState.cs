using System.Collections;

namespace Gaw.Logging;

/// <summary>The values of a log message, each text of them cleaned.</summary>
/// <param name="values">As the message's own state gives them.</param>
/// <param name="message">The whole message, cleaned.</param>
internal sealed class CleanLogState(IReadOnlyList<KeyValuePair<string, object?>> values, string message) : IReadOnlyList<KeyValuePair<string, object?>>
{
    public int Count => values.Count;

    public KeyValuePair<string, object?> this[int index] => values[index] is { Value: string text } pair && pair.Key != "{OriginalFormat}"
        ? new(pair.Key, LogText.Clean(text, LogText.MaxValueLength))
        : values[index];

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
    {
        for (int i = 0; i < Count; i++)
        {
            yield return this[i];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The message.</summary>
    public override string ToString() => message;
}
