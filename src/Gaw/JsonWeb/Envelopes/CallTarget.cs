using System.Net;
using System.Text;
using Gaw.Json;
using Gaw.JsonWeb.ReplyCaching;
using Gaw.Telemetry;

namespace Gaw.JsonWeb.Envelopes;

/// <summary>A path that a client calls, with the part of the request that is the same for each call written once.</summary>
internal sealed class CallTarget
{
    private MethodTags? _tags;

    public CallTarget(string path)
    {
        Path = path;
        using JsonWriter writer = new();
        writer.Append(", \"path\": "u8);
        writer.String(path);
        writer.Append(", \"payload\": {\"args\": {\"_v\": ["u8);
        AfterId = writer.Written.ToArray();
    }

    /// <summary>The reserved path that cancels another call of the same connection: a .NET server's; an original one answers that it does not exist.</summary>
    public static CallTarget Cancel { get; } = new(Encoding.UTF8.GetString(CancelPath));

    /// <summary>The reserved path that asks for the reply to a request that was sent before (<see cref="ReplyCacheKey"/>).</summary>
    public static CallTarget Repeat { get; } = new(Encoding.UTF8.GetString(RepeatPath));

    /// <summary>The reserved path by which the receiver of a stream names a limit; nobody answers.</summary>
    public static CallTarget Take { get; } = new(Encoding.UTF8.GetString(TakePath));

    /// <summary>The reserved path by which the items of an argument come; nobody answers, unless it has no arguments and so is a question.</summary>
    public static CallTarget Send { get; } = new(Encoding.UTF8.GetString(SendPath));

    /// <inheritdoc cref="Send"/>
    public static ReadOnlySpan<byte> SendPath => "_gaw/send"u8;

    /// <inheritdoc cref="Take"/>
    public static ReadOnlySpan<byte> TakePath => "_gaw/take"u8;

    /// <inheritdoc cref="Cancel"/>
    public static ReadOnlySpan<byte> CancelPath => "_gaw/cancel"u8;

    /// <inheritdoc cref="Repeat"/>
    public static ReadOnlySpan<byte> RepeatPath => "_gaw/repeat"u8;

    /// <summary>What the reserved paths begin with.</summary>
    public static ReadOnlySpan<byte> ReservedPaths => "_gaw/"u8;

    public string Path { get; }

    /// <summary>The bytes between the id and the first argument.</summary>
    public byte[] AfterId { get; }

    /// <summary>The tags of each call, for listeners. Two threads may make it at once: both make the same.</summary>
    /// <param name="server">The server of its client, always the same.</param>
    public MethodTags GetTags(EndPoint server) => _tags ??= new MethodTags(Path, server);
}
