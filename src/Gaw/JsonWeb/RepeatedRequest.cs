using Gaw.Json;

namespace Gaw.JsonWeb;

/// <summary>
/// The question for the reply of a request whose first answer was lost, in the request's <c>meta</c>:
/// <c>"repeat": {"path": "math_service/plus", "server": 1234, "age_ms": 150}</c>. It goes to the reserved path of <see cref="CallTarget.Repeat"/>, with the
/// id and the arguments of the first time: a server that keeps no replies, .NET or Python, knows no such path, and runs nothing.
/// </summary>
/// <param name="Path">The path that was called the first time.</param>
/// <param name="Server">What the server called itself then: another one, or one that was started anew, knows nothing of the first time.</param>
/// <param name="Age">At least how long ago the request was first sent.</param>
internal sealed record RepeatedRequest(string Path, long Server, TimeSpan Age)
{
    /// <summary>The name of the error of a server that does not keep the reply.</summary>
    public const string NotKept = "ReplyNotKept";

    public static ReadOnlySpan<byte> Name => "repeat"u8;

    private static ReadOnlySpan<byte> PathName => "path"u8;

    private static ReadOnlySpan<byte> ServerName => "server"u8;

    private static ReadOnlySpan<byte> AgeName => "age_ms"u8;

    /// <summary>Reads the object; <see langword="null"/> where something is missing in it.</summary>
    public static RepeatedRequest? Read(ref JsonReader reader)
    {
        string? path = null;
        long? server = null;
        TimeSpan? age = null;
        reader.BeginObject();
        while (reader.NextProperty(out JsonText name))
        {
            if (name.Equals(PathName) && reader.Peek() == JsonKind.String)
            {
                path = reader.ReadString();
            }
            else if (name.Equals(ServerName) && reader.TryReadInt64(out long number))
            {
                server = number;
            }
            else if (name.Equals(AgeName) && reader.TryReadInt64(out long milliseconds))
            {
                age = TimeSpan.FromMilliseconds(Math.Clamp(milliseconds, 0, int.MaxValue));
            }
            else
            {
                reader.Skip();
            }
        }

        return path is null || server is null || age is null ? null : new RepeatedRequest(path, server.Value, age.Value);
    }

    /// <summary>Writes the member of <c>meta</c>.</summary>
    public void Write(JsonWriter writer)
    {
        writer.Name(Name);
        writer.BeginObject();
        writer.Name(PathName);
        writer.String(Path);
        writer.Name(ServerName);
        writer.Integer(Server);
        writer.Name(AgeName);

        // A part of a millisecond counts as one: it must not seem to have been sent later than it was.
        writer.Integer((long)Math.Ceiling(Age.TotalMilliseconds));
        writer.EndObject();
    }
}

/// <summary>What a server says of the replies that it keeps, in the <c>meta</c> of its first answer on a connection: <c>"keeps": {"server": 1234}</c>.</summary>
internal static class KeepingAnnouncement
{
    public static byte[] Write(long server)
    {
        using JsonWriter writer = new();
        writer.Append("\"keeps\": {\"server\": "u8);
        writer.Integer(server);
        writer.Append("}"u8);
        return writer.Written.ToArray();
    }

    /// <summary>What the server calls itself; <see langword="null"/>: it keeps no replies, as far as is known.</summary>
    /// <param name="meta">The object that holds the announcement, as it came from the server.</param>
    public static long? Read(ReadOnlySpan<byte> meta)
    {
        long? server = null;
        JsonReader reader = new(meta, JsonLimits.Default);
        reader.BeginObject();
        while (reader.NextProperty(out JsonText name))
        {
            if (name.Equals("keeps"u8) && reader.Peek() == JsonKind.Object)
            {
                reader.BeginObject();
                while (reader.NextProperty(out JsonText part))
                {
                    if (part.Equals("server"u8) && reader.TryReadInt64(out long number))
                    {
                        server = number;
                    }
                    else
                    {
                        reader.Skip();
                    }
                }
            }
            else
            {
                reader.Skip();
            }
        }

        return server;
    }
}
