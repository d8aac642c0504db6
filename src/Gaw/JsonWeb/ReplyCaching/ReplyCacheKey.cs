using Gaw.Json;
using Gaw.JsonWeb.Envelopes;

namespace Gaw.JsonWeb.ReplyCaching;

/// <summary>
/// What a client says of a call that it may ask for again, in the request's <c>meta</c>: <c>"keep": {"server": 1234, "sent_ms": 5678}</c>. When its
/// answer is lost, the question for it goes to the reserved path of <see cref="CallTarget.Repeat"/>, with the id and the arguments of the first time, the
/// same <c>keep</c>, and <c>"repeat": "math_service/plus"</c>: a server that keeps no replies, .NET or Python, knows no such path, and runs nothing.
/// </summary>
/// <param name="Server">What the server calls itself that was called the first time: another one, or one that was started anew, knows nothing of it.</param>
/// <param name="SentMs">The earliest that the request can have been sent, on that server's clock.</param>
internal readonly record struct ReplyCacheKey(long Server, long SentMs)
{
    /// <summary>The name of the error of a server that does not keep the reply.</summary>
    public const string NotKept = "ReplyNotKept";

    public static ReadOnlySpan<byte> Name => "keep"u8;

    public static ReadOnlySpan<byte> RepeatName => "repeat"u8;

    private static ReadOnlySpan<byte> ServerName => "server"u8;

    private static ReadOnlySpan<byte> SentName => "sent_ms"u8;

    /// <summary>Reads the object; <see langword="null"/> where something is missing in it.</summary>
    public static ReplyCacheKey? Read(ref JsonReader reader)
    {
        (long? server, long? sent) = NumberPair.Read(ref reader, ServerName, SentName);
        return server is null || sent is null ? null : new ReplyCacheKey(server.Value, sent.Value);
    }

    /// <summary>Writes the member of <c>meta</c>.</summary>
    public void Write(JsonWriter writer)
    {
        writer.Name(Name);
        writer.BeginObject();
        writer.Name(ServerName);
        writer.Integer(Server);
        writer.Name(SentName);
        writer.Integer(SentMs);
        writer.EndObject();
    }
}
