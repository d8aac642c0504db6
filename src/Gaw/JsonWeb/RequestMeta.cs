using Gaw.Json;

namespace Gaw.JsonWeb;

/// <summary>What a .NET client says beside the arguments: <c>{"timeout_ms": 100000, "headers": {"name": "text"}}</c>, all of it optional.</summary>
/// <param name="Timeout">How long the caller waits; <see langword="null"/> without end.</param>
/// <param name="Headers">The caller's metadata.</param>
internal sealed record RequestMeta(TimeSpan? Timeout, IReadOnlyDictionary<string, string> Headers)
{
    public static RequestMeta None { get; } = new(null, new Dictionary<string, string>());

    public static ReadOnlySpan<byte> TimeoutName => "timeout_ms"u8;

    public static ReadOnlySpan<byte> HeadersName => "headers"u8;

    /// <summary>Reads the object; what is not known, or of another kind, is left for later versions.</summary>
    public static RequestMeta Read(ReadOnlySpan<byte> meta, JsonLimits limits)
    {
        TimeSpan? timeout = null;
        Dictionary<string, string> headers = new(StringComparer.Ordinal);
        JsonReader reader = new(meta, limits);
        reader.BeginObject();
        while (reader.NextProperty(out JsonText name))
        {
            if (name.Equals(TimeoutName) && reader.TryReadInt64(out long milliseconds))
            {
                timeout = TimeSpan.FromMilliseconds(Math.Clamp(milliseconds, 1, int.MaxValue - 1));
            }
            else if (name.Equals(HeadersName) && reader.Peek() == JsonKind.Object)
            {
                ReadHeaders(ref reader, headers);
            }
            else
            {
                reader.Skip();
            }
        }

        return new RequestMeta(timeout, headers);
    }

    private static void ReadHeaders(ref JsonReader reader, Dictionary<string, string> headers)
    {
        reader.BeginObject();
        while (reader.NextProperty(out JsonText name))
        {
            if (reader.Peek() == JsonKind.String)
            {
                headers[name.ToString()] = reader.ReadString();
            }
            else
            {
                reader.Skip();
            }
        }
    }
}
