using Gaw.Json;
using Gaw.JsonWeb.Envelopes;
using Gaw.JsonWeb.ReplyCaching;
using Gaw.PostOffice;
using Gaw.Shared;

namespace Gaw.JsonWeb.Client;

/// <summary>One attempt of a call, whatever its result is.</summary>
internal abstract class OutgoingCall : PendingCall
{
    private CallTarget _target = null!;
    private CallIds _ids = null!;

    public override string Path => _target.Path;

    public CallTarget Target => _target;

    /// <summary>What was said to the server that keeps the reply; <see langword="null"/>: none does, or nobody will ask for it.</summary>
    public ReplyCacheKey? Keep { get; set; }

    /// <summary>The server that the request was written for.</summary>
    public Audience Audience { get; set; }

    /// <summary>The identity of the server as the reply states it; 0: it does not.</summary>
    public long Told { get; private set; }

    /// <summary>The metadata of the reply; <see langword="null"/> for none.</summary>
    public Dictionary<string, string>? ResponseMetadata { get; private set; }

    protected JsonLimits Limits { get; private set; } = null!;

    protected CallIds Ids => _ids;

    public override void TakeMeta(ReadOnlySpan<byte> meta)
    {
        JsonReader reader = new(meta, Limits);
        reader.BeginObject();
        while (reader.NextProperty(out JsonText name))
        {
            if (name.Equals(RequestMeta.HeadersName) && reader.Peek() == JsonKind.Object)
            {
                ResponseMetadata = RequestMeta.ReadHeaders(ref reader);
            }
            else if (name.Equals(ReplyCacheInfo.Name) && reader.Peek() == JsonKind.Object)
            {
                if (ReplyCacheInfo.Read(ref reader) is { } server)
                {
                    (SentOn?.Server as KnownServer)?.Keeping?.Tell(server);
                }
            }
            else if (name.Equals(Audience.Name))
            {
                Told = Audience.ReadIdentity(ref reader);
            }
            else if (!TryTakeMember(name, ref reader))
            {
                reader.Skip();
            }
        }

        if (SentOn is { } sentOn && (Told > 0 || sentOn.Server is null))
        {
            sentOn.Server = KnownServer.After(sentOn.Server as KnownServer, Told);
        }
    }

    public override bool TryWriteCancellation(JsonWriter writer, out int key)
    {
        byte[] prefix = _ids.Next(out key);
        Audience audience = SentOn?.Server is KnownServer { Identity: > 0 } told ? Audience.Of(told.Identity) : Audience;
        RequestWriter.WriteCancellation(writer, prefix, key, IdPrefix, Key, audience);
        return true;
    }

    /// <summary>Reads a further member of <c>meta</c>, unless it is unknown.</summary>
    /// <returns><see langword="false"/>: it was not consumed.</returns>
    protected virtual bool TryTakeMember(JsonText name, ref JsonReader reader) => false;

    protected void Begin(CallTarget target, JsonLimits limits, CallIds ids, TimeSpan timeout, long began)
    {
        _target = target;
        _ids = ids;
        Limits = limits;
        Timeout = timeout;
        Began = began;
    }

    /// <summary>What was said and heard in the attempt is forgotten.</summary>
    protected void Forget()
    {
        Keep = null;
        Audience = default;
        Told = 0;
        ResponseMetadata = null;
        ResetForReuse();
    }

    protected GawRemoteException ReadError(ref JsonReader payload)
    {
        ErrorParts parts = default;
        parts.ReadObject(ref payload);
        return new GawRemoteException(Path, parts.Name ?? "an error without a name", parts.Message, parts.Trace);
    }
}
