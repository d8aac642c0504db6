using System.Collections.Concurrent;
using System.Threading.Tasks.Sources;
using Gaw.Json;
using Gaw.JsonWeb.Envelopes;
using Gaw.JsonWeb.ReplyCaching;
using Gaw.PostOffice;
using Gaw.Serialization;
using Gaw.Serialization.Types;
using Gaw.Shared;

namespace Gaw.JsonWeb.Client;

/// <summary>One attempt of a call whose result is a <typeparamref name="T"/>. Reused, unless its reply might still come.</summary>
internal sealed class JsonWebCall<T> : PendingCall, IValueTaskSource<T>
{
    private const int MaxPooled = 256;

    private static readonly ConcurrentQueue<JsonWebCall<T>> Pool = new();
    private static readonly bool IsForeign = ForeignTypes.MayRun(typeof(T));

    private ManualResetValueTaskSourceCore<T> _source;
    private ValueConverter<T> _converter = null!;
    private CallTarget _target = null!;
    private JsonLimits _limits = null!;
    private CallIds _ids = null!;
    private T? _result;

    public override string Path => _target.Path;

    public CallTarget Target => _target;

    /// <inheritdoc/>
    public override bool ReadsForeignTypes => IsForeign;

    /// <summary>The result of a call that ended with one.</summary>
    public T Result => _result!;

    /// <summary>What was said to the server that keeps the reply; <see langword="null"/>: none does, or nobody will ask for it.</summary>
    public ReplyCacheKey? Keep { get; set; }

    /// <summary>The server that the request was written for.</summary>
    public Audience Audience { get; set; }

    /// <summary>The identity of the server as the reply states it; 0: it does not.</summary>
    public long Told { get; private set; }

    /// <summary>The metadata of the reply; <see langword="null"/> for none.</summary>
    public Dictionary<string, string>? ResponseMetadata { get; private set; }

    /// <summary>For an asynchronous call, to be awaited once.</summary>
    public ValueTask<T> Task => new(this, _source.Version);

    public static JsonWebCall<T> Rent(CallTarget target, ValueConverter<T> converter, JsonLimits limits, CallIds ids, TimeSpan timeout, long began, bool synchronous)
    {
        JsonWebCall<T> call = Pool.TryDequeue(out JsonWebCall<T>? pooled) ? pooled : new JsonWebCall<T>();
        call._target = target;
        call._converter = converter;
        call._limits = limits;
        call._ids = ids;
        call.Timeout = timeout;
        call.Began = began;
        call.IsSynchronous = synchronous;
        return call;
    }

    /// <summary>Makes the call ready for another use. Only after its reply has been taken: one that was abandoned is left to the garbage collector.</summary>
    public void Return()
    {
        _result = default;
        Keep = null;
        Audience = default;
        Told = 0;
        ResponseMetadata = null;
        _source.Reset();
        ResetForReuse();
        if (Pool.Count < MaxPooled)
        {
            Pool.Enqueue(this);
        }
    }

    public override bool TryRead(ReadOnlySpan<byte> reply)
    {
        if (ResponseReader.TryReadUsualHead(reply, IdPrefix.Length + CallIds.KeyDigits, out ReadOnlySpan<byte> fromPayload))
        {
            JsonReader reader = new(fromPayload, _limits);
            try
            {
                _result = ReadResult(ref reader);
                if (ResponseReader.IsUsualTail(fromPayload[reader.Position..]))
                {
                    return true;
                }
            }
            catch (JsonFormatException)
            {
                // Looked at more closely below.
            }
        }

        try
        {
            if (!ResponseReader.TryReadAnyForm(reply, out Response response))
            {
                return false;
            }

            JsonReader payload = new(response.Payload, _limits);
            if (!response.Succeeded)
            {
                throw ReadError(ref payload);
            }

            _result = ReadResult(ref payload);
            return true;
        }
        catch (JsonFormatException e) when (e.Fault == JsonFault.Syntax)
        {
            return false;
        }
        catch (JsonFormatException e)
        {
            throw new GawSerializationException($"The answer to {Path} is refused: {e.Message}", e);
        }
    }

    public override void TakeMeta(ReadOnlySpan<byte> meta)
    {
        JsonReader reader = new(meta, _limits);
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
            else
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

    T IValueTaskSource<T>.GetResult(short token) => _source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<T>.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource<T>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    protected override void Continue()
    {
        if (Error is null)
        {
            _source.SetResult(_result!);
        }
        else
        {
            _source.SetException(Error);
        }
    }

    private T? ReadResult(ref JsonReader reader)
    {
        try
        {
            return _converter.Read(ref reader);
        }
        catch (GawSerializationException e) when (e.Within("result") || e.During(Path))
        {
            throw;
        }
    }

    private GawRemoteException ReadError(ref JsonReader payload)
    {
        ErrorParts parts = default;
        parts.ReadObject(ref payload);
        return new GawRemoteException(Path, parts.Name ?? "an error without a name", parts.Message, parts.Trace);
    }
}
