using Gaw.Json;

namespace Gaw.JsonWeb;

/// <summary>
/// What a .NET client says beside the arguments, all of it optional:
/// <c>{"timeout_ms": 100000, "headers": {"name": "text"}, "keep": true, "repeat": {...}}</c>.
/// </summary>
internal sealed record RequestMeta
{
    public static RequestMeta None { get; } = new();

    public static ReadOnlySpan<byte> TimeoutName => "timeout_ms"u8;

    public static ReadOnlySpan<byte> HeadersName => "headers"u8;

    public static ReadOnlySpan<byte> KeepName => "keep"u8;

    /// <summary>How long the caller waits; <see langword="null"/> without end.</summary>
    public TimeSpan? Timeout { get; private init; }

    /// <summary>The caller's metadata.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; private init; } = new Dictionary<string, string>();

    /// <summary>The caller may ask for the reply again, if the server keeps replies.</summary>
    public bool Keep { get; private init; }

    /// <summary>The request was sent before, and this is the question for its reply.</summary>
    public RepeatedRequest? Repeat { get; private init; }

    /// <summary>Reads the object, if any; what is not known, or of another kind, is left for later versions.</summary>
    public static RequestMeta Read(ReadOnlySpan<byte> meta, JsonLimits limits)
    {
        if (meta.IsEmpty)
        {
            return None;
        }

        TimeSpan? timeout = null;
        bool keep = false;
        RepeatedRequest? repeat = null;
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
            else if (name.Equals(RepeatedRequest.Name) && reader.Peek() == JsonKind.Object)
            {
                repeat = RepeatedRequest.Read(ref reader);
            }
            else if (name.Equals(KeepName))
            {
                keep = reader.Skip().SequenceEqual("true"u8);
            }
            else
            {
                reader.Skip();
            }
        }

        return new RequestMeta { Timeout = timeout, Headers = headers, Keep = keep, Repeat = repeat };
    }

    /// <summary>Reads an object of texts; a member that is no text is left out.</summary>
    public static void ReadHeaders(ref JsonReader reader, Dictionary<string, string> headers)
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
