using Gaw.Json;

namespace Gaw.JsonWeb.ReplyCaching;

/// <summary>What a server says of the replies that it keeps, in the <c>meta</c> of its first reply on a connection: <c>"keeps": {"server": 1234, "now_ms": 5678}</c>.</summary>
/// <param name="Server">What it calls itself, while it runs.</param>
/// <param name="NowMs">The time on its clock.</param>
internal readonly record struct ReplyCacheInfo(long Server, long NowMs)
{
    public static ReadOnlySpan<byte> Name => "keeps"u8;

    private static ReadOnlySpan<byte> ServerName => "server"u8;

    private static ReadOnlySpan<byte> NowName => "now_ms"u8;

    /// <summary>The member of <c>meta</c>.</summary>
    public byte[] Write()
    {
        using JsonWriter writer = new();
        writer.Name(Name);
        writer.BeginObject();
        writer.Name(ServerName);
        writer.Integer(Server);
        writer.Name(NowName);
        writer.Integer(NowMs);
        writer.EndObject();
        return writer.Written.ToArray();
    }

    /// <summary>Reads the object; <see langword="null"/> where something is missing in it.</summary>
    public static ReplyCacheInfo? Read(ref JsonReader reader)
    {
        (long? server, long? now) = NumberPair.Read(ref reader, ServerName, NowName);
        return server is null || now is null ? null : new ReplyCacheInfo(server.Value, now.Value);
    }
}
