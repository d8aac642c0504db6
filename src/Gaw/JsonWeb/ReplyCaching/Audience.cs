using Gaw.Json;

namespace Gaw.JsonWeb.ReplyCaching;

/// <summary>
/// The server that a request is meant for, in the request's <c>meta</c>: <c>"server": 1234</c>. A server with a replay window states its identity in the <c>meta</c> of its first
/// reply on a connection, under the seal; a client with a secret names it from then on. <c>"server": null</c> says that the client can name the server, and has not been told its
/// identity yet. So no request of such a client runs at a second server with the same secret, or after a restart.
/// </summary>
internal readonly record struct Audience
{
    /// <summary>The name of the error that a request for another server is refused with. The reply states the identity, and the request has not run.</summary>
    public const string Refused = "OtherServer";

    private const long NotToldYet = -1;

    private readonly long _server;

    private Audience(long server) => _server = server;

    /// <summary>A Python client, or one that was told of no identity, says nothing.</summary>
    public static Audience Unsaid => default;

    /// <summary>The client can name the server, and does not know its identity.</summary>
    public static Audience Untold => new(NotToldYet);

    /// <summary>The member of <c>meta</c>, of a request and of a reply.</summary>
    public static ReadOnlySpan<byte> Name => "server"u8;

    /// <summary>Something stands in the request.</summary>
    public bool IsSaid => _server != 0;

    /// <summary>A server is named, be it the right one or not.</summary>
    public bool IsNamed => _server > 0;

    public static Audience Of(long identity) => new(identity);

    /// <summary>The audience of the next request on a connection.</summary>
    /// <param name="told">What the server has said on this connection; <see langword="null"/>: nothing yet.</param>
    /// <param name="isInOrder">It has answered there, as an original server does.</param>
    /// <param name="last">What a server at this address said last, on any connection.</param>
    public static Audience Choose(KnownServer? told, bool isInOrder, KnownServer? last) => (told, last) switch
    {
        ({ Identity: > 0 }, _) => Of(told.Identity),
        ({ }, _) => Unsaid,

        // It may be another server by now, behind a load balancer or after a restart: that one refuses, and states its identity.
        (_, { Identity: > 0 }) => Of(last.Identity),
        _ => isInOrder ? Unsaid : Untold,
    };

    /// <summary>Reads the member of a request's <c>meta</c>. A value of an unknown kind names no server that we know.</summary>
    /// <param name="meta">The object, well-formed; empty where the request has none.</param>
    /// <param name="limits">As for the request.</param>
    public static Audience Read(ReadOnlySpan<byte> meta, JsonLimits limits)
    {
        if (meta.IsEmpty)
        {
            return Unsaid;
        }

        JsonReader reader = new(meta, limits);
        reader.BeginObject();
        while (reader.NextProperty(out JsonText name))
        {
            if (name.Equals(Name))
            {
                return ServerIdentity.Read(ref reader) is > 0 and long identity ? Of(identity) : Untold;
            }

            reader.Skip();
        }

        return Unsaid;
    }

    /// <summary>A server with this identity may run the request.</summary>
    public bool Includes(long identity) => !IsSaid || _server == identity;

    /// <summary>Writes the member, if there is something to say.</summary>
    public void Write(JsonWriter writer)
    {
        if (!IsSaid)
        {
            return;
        }

        writer.Name(Name);
        if (IsNamed)
        {
            writer.Integer(_server);
        }
        else
        {
            writer.Null();
        }
    }

    /// <summary>The member, as it stands in a reply's <c>meta</c>.</summary>
    public byte[] Write()
    {
        using JsonWriter writer = new();
        Write(writer);
        return writer.Written.ToArray();
    }
}
