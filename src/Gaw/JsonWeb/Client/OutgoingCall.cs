using Gaw.Json;
using Gaw.JsonWeb.Envelopes;
using Gaw.JsonWeb.ReplyCaching;
using Gaw.JsonWeb.Reports;
using Gaw.JsonWeb.Streams;
using Gaw.JsonWeb.Streams.Receiving;
using Gaw.JsonWeb.Streams.Sending;
using Gaw.PostOffice;
using Gaw.Serialization;
using Gaw.Serialization.Streams;
using Gaw.Shared;

namespace Gaw.JsonWeb.Client;

/// <summary>One attempt of a call, whatever its result is.</summary>
internal abstract partial class OutgoingCall : PendingCall, IStreamTaker
{
    private CallTarget _target = null!;
    private CallIds _ids = null!;

    /// <summary>Whom the part is for that is being read; of the thread that reads.</summary>
    private PartAddress _part = new();

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

    /// <summary>Its arguments that are streams; <see langword="null"/>: none is.</summary>
    public ArgumentStreams? Streams
    {
        get;
        set
        {
            field = value;
            TakesParts |= value is not null;
        }
    }

    public override bool SendsParts => Streams is { AreLists: false };

    /// <summary>The reply says that a parameter takes a list where a stream was given, so that nothing has run.</summary>
    public bool RefusesStreams { get; private set; }

    /// <summary>The clock of a call that has heard something before its end; set where it has streams.</summary>
    public StreamWatch? Watch { get; set; }

    /// <summary>Takes what the method says of its progress; <see langword="null"/>: nobody looks.</summary>
    public ReportReader? Reports
    {
        get;
        set
        {
            field = value;
            TakesParts |= value is not null;
        }
    }

    protected JsonLimits Limits { get; private set; } = null!;

    protected CallIds Ids => _ids;

    public override void TakeMeta(ReadOnlySpan<byte> meta)
    {
        JsonReader reader = new(meta, Limits);
        reader.BeginObject();
        while (reader.NextProperty(out JsonText name))
        {
            if (name.Equals(MetaHeaders.Name) && reader.Peek() == JsonKind.Object)
            {
                ResponseMetadata = MetaHeaders.Read(ref reader);
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
                Told = ServerIdentity.Read(ref reader);
            }
            else if (name.Equals(ReportMeta.ForName))
            {
                _part.Read(ref reader);
            }
            else if (Streams is not null && name.Equals(StreamMeta.TakeName))
            {
                _part.Limit = StreamMeta.ReadTotals(ref reader);
            }
            else if (Streams is { AreLists: false } streams && name.Equals(StreamMeta.StreamsName))
            {
                RefusesStreams = streams.WereRefused = PythonTruth.IsTrue(reader.Skip());
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

    public override bool TryReadPart(ReadOnlySpan<byte> reply, ReadOnlySpan<byte> meta)
    {
        _part = new PartAddress();
        TakeMeta(meta);
        if (_part.Argument != StreamMeta.NoStream && _part.Limit is { } limit)
        {
            OnHeard();
            Streams?.Raise(this, _part.Argument, limit);
        }

        return _part.IsForOther || (_part.IsReport ? TryReadReport(reply) : TryReadItems(reply));
    }

    public void WriteStream<T>(JsonWriter writer, IAsyncEnumerable<T> items, ValueConverter<T> converter) =>
        (Streams ??= new ArgumentStreams()).Write(writer, new ItemSource<T>(items, converter, place: "argument"));

    public override bool MeetNobody() => Streams is { } streams && streams.MeetNobody();

    /// <summary>The call has ended, whatever with: nothing more of its arguments is wanted.</summary>
    public void EndStreams()
    {
        Watch?.Stop();
        Streams?.End();
    }

    public override bool TryWriteCancellation(JsonWriter writer, out int key)
    {
        byte[] prefix = _ids.Next(out key);
        Audience audience = SentOn?.Server is KnownServer { Identity: > 0 } told ? Audience.Of(told.Identity) : Audience;
        ControlRequestWriter.WriteCancellation(writer, prefix, key, IdPrefix, Key, audience);
        return true;
    }

    /// <summary>The server has shown that it has the call. Where it does so again and again, the time of the call ends: from then on no silence may be longer.</summary>
    protected void OnHeard()
    {
        if (Watch?.OnPart() == true)
        {
            Timeout = System.Threading.Timeout.InfiniteTimeSpan;
        }
    }

    /// <summary>Reads a part of the result.</summary>
    /// <returns><see langword="false"/>: it is none, or the call has not asked for parts.</returns>
    protected virtual bool TryReadItems(ReadOnlySpan<byte> reply) => false;

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
