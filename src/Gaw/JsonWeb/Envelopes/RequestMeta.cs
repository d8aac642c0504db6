using System.Collections.ObjectModel;
using Gaw.Json;
using Gaw.JsonWeb.ReplyCaching;
using Gaw.JsonWeb.Reports;
using Gaw.JsonWeb.Streams;

namespace Gaw.JsonWeb.Envelopes;

/// <summary>
/// What a .NET client says beside the arguments, all of it optional:
/// <c>{"timeout_ms": 100000, "headers": {"name": "text"}, "keep": {...}, "repeat": "path"}</c>.
/// </summary>
internal sealed record RequestMeta
{
    public static ReadOnlySpan<byte> TimeoutName => "timeout_ms"u8;

    public static RequestMeta None { get; } = new();

    /// <summary>How long the caller waits; <see langword="null"/> without end.</summary>
    public TimeSpan? Timeout { get; private init; }

    /// <summary>The caller's metadata.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; private init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>The caller may ask for the reply again, if the server keeps replies.</summary>
    public ReplyCacheKey? Keep { get; private init; }

    /// <summary>The path of a request that was sent before: this is the question for its reply.</summary>
    public string? Repeat { get; private init; }

    /// <summary>The caller takes the result in parts; <see langword="null"/>: in one reply.</summary>
    public StreamWish? Stream { get; private init; }

    /// <summary>The caller wants a sign of life at least so often, where its arguments are streams; <see langword="null"/>: none.</summary>
    public TimeSpan? Alive { get; private init; }

    /// <summary>The caller takes reports of the method's progress.</summary>
    public bool Progress { get; private init; }

    /// <summary>Reads the object, if any; what is not known, or of another kind, is left for later versions.</summary>
    public static RequestMeta Read(ReadOnlySpan<byte> meta, JsonLimits limits)
    {
        if (meta.IsEmpty)
        {
            return None;
        }

        TimeSpan? timeout = null;
        ReplyCacheKey? keep = null;
        string? repeat = null;
        StreamTotals? take = null;
        TimeSpan? alive = null;
        bool progress = false;
        IReadOnlyDictionary<string, string>? headers = null;
        JsonReader reader = new(meta, limits);
        reader.BeginObject();
        while (reader.NextProperty(out JsonText name))
        {
            if (name.Equals(TimeoutName) && reader.TryReadInt64(out long milliseconds))
            {
                timeout = TimeSpan.FromMilliseconds(Math.Clamp(milliseconds, 1, int.MaxValue - 1));
            }
            else if (name.Equals(MetaHeaders.Name) && reader.Peek() == JsonKind.Object)
            {
                headers = MetaHeaders.Read(ref reader);
            }
            else if (name.Equals(ReplyCacheKey.Name) && reader.Peek() == JsonKind.Object)
            {
                keep = ReplyCacheKey.Read(ref reader);
            }
            else if (name.Equals(ReplyCacheKey.RepeatName) && reader.Peek() == JsonKind.String)
            {
                repeat = reader.ReadString();
            }
            else if (name.Equals(StreamMeta.TakeName))
            {
                take = StreamMeta.ReadTotals(ref reader);
            }
            else if (name.Equals(StreamMeta.AliveName) && reader.TryReadInt64(out long period))
            {
                alive = TimeSpan.FromMilliseconds(Math.Clamp(period, (long)StreamWish.LeastAlive.TotalMilliseconds, int.MaxValue - 1));
            }
            else if (name.Equals(ReportMeta.ProgressName))
            {
                progress = PythonTruth.IsTrue(reader.Skip());
            }
            else
            {
                reader.Skip();
            }
        }

        return new RequestMeta { Timeout = timeout, Headers = headers ?? ReadOnlyDictionary<string, string>.Empty, Keep = keep, Repeat = repeat, Stream = take is { } limit ? new StreamWish(limit, alive) : null, Alive = alive, Progress = progress };
    }
}
