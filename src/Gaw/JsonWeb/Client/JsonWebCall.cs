using System.Collections.Concurrent;
using System.Threading.Tasks.Sources;
using Gaw.Json;
using Gaw.JsonWeb.Envelopes;
using Gaw.Serialization;
using Gaw.Serialization.Types;
using Gaw.Shared;

namespace Gaw.JsonWeb.Client;

/// <summary>One attempt of a call whose result is a <typeparamref name="T"/>. Reused, unless its reply might still come.</summary>
internal sealed class JsonWebCall<T> : OutgoingCall, IValueTaskSource<T>
{
    private const int MaxPooled = 256;

    private static readonly ConcurrentQueue<JsonWebCall<T>> Pool = new();
    private static readonly bool IsForeign = ForeignTypes.MayRun(typeof(T));

    private ManualResetValueTaskSourceCore<T> _source;
    private ValueConverter<T> _converter = null!;
    private T? _result;

    /// <inheritdoc/>
    public override bool ReadsForeignTypes => IsForeign || Reports is not null;

    /// <summary>The result of a call that ended with one.</summary>
    public T Result => _result!;

    /// <summary>For an asynchronous call, to be awaited once.</summary>
    public ValueTask<T> Task => new(this, _source.Version);

    public static JsonWebCall<T> Rent(CallTarget target, ValueConverter<T> converter, JsonLimits limits, CallIds ids, TimeSpan timeout, long began, bool synchronous)
    {
        JsonWebCall<T> call = Pool.TryDequeue(out JsonWebCall<T>? pooled) ? pooled : new JsonWebCall<T>();
        call._converter = converter;
        call.Begin(target, limits, ids, timeout, began);
        call.IsSynchronous = synchronous;
        return call;
    }

    /// <summary>Makes the call ready for another use. Only after its reply has been taken: one that was abandoned is left to the garbage collector.</summary>
    public void Return()
    {
        if (TakesParts)
        {
            // A thread may be behind with what it reports.
            return;
        }

        _result = default;
        _source.Reset();
        Forget();
        if (Pool.Count < MaxPooled)
        {
            Pool.Enqueue(this);
        }
    }

    public override bool TryRead(ReadOnlySpan<byte> reply)
    {
        if (ResponseReader.TryReadUsualHead(reply, IdPrefix.Length + CallIds.KeyDigits, out ReadOnlySpan<byte> fromPayload))
        {
            JsonReader reader = new(fromPayload, Limits);
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

            JsonReader payload = new(response.Payload, Limits);
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
}
