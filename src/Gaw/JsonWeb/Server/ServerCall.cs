using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Gaw.Json;
using Gaw.JsonWeb.Envelopes;
using Gaw.JsonWeb.ReplyCaching;
using Gaw.PostOffice;
using Gaw.PostOffice.Client;
using Gaw.PostOffice.Replies;
using Gaw.PostOffice.Scheduling;
using Gaw.Telemetry;

namespace Gaw.JsonWeb.Server;

/// <summary>One request on its way through the server. Reused: whoever has it answered must forget it.</summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "It is used again; what it owns is disposed when it is recycled.")]
internal sealed class ServerCall : InboundMessage
{
    private const int MaxPooled = 256;

    /// <summary>The caller's own clock comes first: what it says of its time-out is better than what a cancelled method says.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    /// <summary>A longer time-out is none.</summary>
    private static readonly TimeSpan MostTime = TimeSpan.FromDays(20);

    private static readonly ConcurrentQueue<ServerCall> Pool = new();

    private JsonWebServer _server = null!;
    private ReplyChannel _channel = null!;
    private RequestHandler _handler = null!;
    private object _bound = null!;
    private byte[] _id = new byte[CallIds.MaxDigits];
    private int _idLength;
    private UInt128 _number;
    private long _arrived;
    private CallCancellation? _cancellation;
    private CancellationTokenRegistration _lost;
    private ReplyCache.CachedReply? _kept;
    private ServerSpan _span;

    /// <summary>The path that was called.</summary>
    public string Path { get; private set; } = "";

    public EndPoint? RemoteEndPoint => _channel.RemoteEndPoint;

    /// <summary>The clock that <see cref="Deadline"/> is a time stamp of.</summary>
    public TimeProvider Clock => _server.PostOffice.Options.TimeProvider;

    public X509Certificate2? ClientCertificate => _channel.ClientCertificate;

    /// <summary>What the caller said beside the arguments, where the handler wants to know.</summary>
    public RequestMeta Meta { get; private set; } = RequestMeta.None;

    /// <inheritdoc/>
    public override ReplyChannel Channel => _channel;

    /// <inheritdoc/>
    public override bool StaysOnThread => _handler.StaysOnThread;

    /// <inheritdoc/>
    public override bool IsControl => _handler.IsControl;

    /// <inheritdoc/>
    public override UInt128? Number => !InOrder && TryReadNumber() ? _number : null;

    /// <inheritdoc/>
    public override bool OutlivesConnection => _kept is not null;

    /// <inheritdoc/>
    public override long Deadline => Meta.Timeout is { } timeout && timeout < MostTime ? _arrived + (long)(timeout.TotalSeconds * _server.PostOffice.Options.TimeProvider.TimestampFrequency) : long.MaxValue;

    /// <inheritdoc/>
    public override bool HoldsResources => _handler.HoldsResources(_bound);

    /// <summary>Makes a call ready to run.</summary>
    /// <param name="server">Who runs it.</param>
    /// <param name="channel">Where its reply goes.</param>
    /// <param name="request">The request as it came.</param>
    /// <param name="meta">Its metadata, where they have been read already.</param>
    /// <param name="kept">Where its reply is kept, if it is.</param>
    /// <param name="path">What the request leads to.</param>
    /// <param name="handler">What is there.</param>
    /// <param name="bound">What the handler made of the arguments.</param>
    public static ServerCall Create(
        JsonWebServer server, ReplyChannel channel, in Request request, RequestMeta? meta, ReplyCache.CachedReply? kept, string path, RequestHandler handler, object bound)
    {
        ServerCall call = Pool.TryDequeue(out ServerCall? pooled) ? pooled : new ServerCall();
        call._server = server;
        call._channel = channel;
        call._handler = handler;
        call.Predictor = handler.Predictor;
        call._bound = bound;
        call.Path = path;
        call.InOrder = request.Meta.IsEmpty;
        if (request.Id.Length > call._id.Length)
        {
            call._id = new byte[request.Id.Length];
        }

        request.Id.CopyTo(call._id);
        call._idLength = request.Id.Length;

        // What waits for its turn needs to know for how long it is wanted, whatever its method wants to know.
        bool mayWait = server.PostOffice.LimitsCalls || handler.Predictor.IsLikely;
        call.Meta = meta ?? (handler.TakesMeta || mayWait || ServerSpan.TakesMeta ? RequestMeta.Read(request.Meta, server.Serializer.Limits) : RequestMeta.None);
        call._arrived = call.Meta.Timeout is null ? 0 : server.PostOffice.Options.TimeProvider.GetTimestamp();
        call._kept = kept;
        kept?.Channel = channel;
        return call;
    }

    /// <summary>
    /// Fires when the caller is known to be gone, or, where it may come back for the reply, the server ends; for a .NET caller also when it cancels or its time is over. To be
    /// asked for once.
    /// </summary>
    public CancellationToken GetCancellationToken()
    {
        CancellationToken lost = _kept is null ? _channel.GetLostToken(InOrder) : _server.PostOffice.CutOff;
        if (InOrder || !TryReadNumber())
        {
            return lost;
        }

        _cancellation = new CallCancellation(GetLimit(), _server.PostOffice.Options.TimeProvider, _server.Log);
        _lost = lost.UnsafeRegister(static source => ((CallCancellation)source!).CancelSafely(), _cancellation);
        _kept?.Cancellation = _cancellation;
        RunningCalls.Of(_channel).Add(_number, _cancellation);

        // Pairs with the order in RunningCalls.TryCancel: either it finds the source there, or its mark is seen here.
        if (IsWithdrawn)
        {
            _cancellation.CancelSafely();
        }

        return _cancellation.Token;
    }

    /// <summary>The caller waits so long, from the moment when the call came; its own clock comes first.</summary>
    private TimeSpan GetLimit()
    {
        if (Meta.Timeout is not { } timeout || timeout >= MostTime)
        {
            return Timeout.InfiniteTimeSpan;
        }

        TimeSpan rest = timeout + Grace - _server.PostOffice.Options.TimeProvider.GetElapsedTime(_arrived);
        return rest > TimeSpan.Zero ? rest : TimeSpan.Zero;
    }

    private bool TryReadNumber() => UInt128.TryParse(_id.AsSpan(0, _idLength), NumberStyles.None, CultureInfo.InvariantCulture, out _number);

    public override ValueTask ProcessAsync()
    {
        if (ServerSpan.IsWanted && !_handler.IsControl)
        {
            _span = ServerSpan.Begin(Path, Meta.Headers, RemoteEndPoint);
        }

        try
        {
            ValueTask running = _handler.RunAsync(_bound, this);
            if (!running.IsCompletedSuccessfully)
            {
                return FinishAsync(running);
            }

            running.GetAwaiter().GetResult();
            Reply();
        }
        catch (Exception e)
        {
            ReplyError(e);
        }

        return default;
    }

    /// <inheritdoc/>
    public override void Abandon(ErrorInfo reason)
    {
        _server.CountError();
        JsonWriter writer = _channel.Begin();
        ResponseWriter.WriteFittingError(_channel, writer, _id.AsSpan(0, _idLength), reason);
        bool tellsOfStop = !InOrder && reason == ErrorFrame.StoppedBefore;
        Send(writer, tellsOfStop ? ReplyChannel.StoppingMeta.ToArray() : []);
    }

    /// <summary>The call's instance is disposed, then its token; afterwards the object serves another call.</summary>
    public override ValueTask EndAsync()
    {
        if (HoldsResources)
        {
            return DisposeAsync();
        }

        Recycle();
        return default;
    }

    private async ValueTask FinishAsync(ValueTask running)
    {
        try
        {
            await running.ConfigureAwait(false);
            Reply();
        }
        catch (Exception e)
        {
            ReplyError(e);
        }
    }

    private async ValueTask DisposeAsync()
    {
        try
        {
            await _handler.EndAsync(_bound).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            _server.Log.DisposeThrew(Path, e);
        }

        Recycle();
    }

    private void Reply()
    {
        JsonWriter writer = _channel.Begin();
        byte[] meta = [];
        Exception? error = null;
        try
        {
            ResponseWriter.BeginResult(writer, _id.AsSpan(0, _idLength));
            _handler.WriteResult(_bound, writer);
            ResponseWriter.End(writer);
            meta = WriteMeta(writer);
        }
        catch (Exception e)
        {
            error = e;
            _server.CountError();
            _server.Log.CannotSendResult(Path, e);
            _channel.Restart(writer);
            ResponseWriter.WriteFittingError(_channel, writer, _id.AsSpan(0, _idLength), ErrorInfo.Of(e, withTrace: false, fallbackName: "SerializeError"));
        }

        Send(writer, meta);
        EndSpan(error);
    }

    private void ReplyError(Exception exception)
    {
        _server.CountError();
        if (exception is GawError or OperationCanceledException)
        {
            // Meant for the caller, or its own doing.
            _server.Log.CallFailed(Path, exception);
        }
        else
        {
            _server.Log.CallThrew(Path, exception);
        }

        JsonWriter writer = _channel.Begin();
        ResponseWriter.WriteFittingError(_channel, writer, _id.AsSpan(0, _idLength), ErrorInfo.Of(exception, _server.SendsTraceTo(RemoteEndPoint)));
        byte[] meta = [];
        try
        {
            meta = WriteMeta(writer);
        }
        catch (Exception e)
        {
            // The error itself is worth more than what should have stood beside it.
            _server.Log.CannotSendResult(Path, e);
        }

        Send(writer, meta);
        EndSpan(exception);
    }

    private void EndSpan(Exception? error)
    {
        if (_span.IsOpen)
        {
            _span.End(error);
            _span = default;
        }
    }

    /// <summary>The metadata that the method or a filter has left: members of the answer's <c>meta</c>, which fit beside what is written.</summary>
    private byte[] WriteMeta(JsonWriter written)
    {
        if (InOrder || _handler.GetResponseMetadata(_bound) is not { } metadata)
        {
            return [];
        }

        using JsonWriter writer = new();
        writer.MaxLength = _channel.GetMetaRoom(written);
        try
        {
            RequestMeta.WriteHeaders(writer, metadata);
        }
        catch (GawSerializationException e) when (e.Within("ResponseMetadata"))
        {
            throw;
        }

        return writer.Written.ToArray();
    }

    private void Send(JsonWriter writer, byte[] meta)
    {
        _kept?.Complete(_channel.GetDocument(writer), meta);
        _channel.End(writer, InOrder, meta, again: _kept is not null);
    }

    private void Recycle()
    {
        if (_cancellation is not null)
        {
            RunningCalls.Of(_channel).Remove(_number);
            _lost.Dispose();
            _kept?.Cancellation = null;
            _cancellation.Dispose();
            _cancellation = null;
        }

        _handler.Release(_bound);
        _bound = null!;
        _kept?.Channel = null;
        _kept = null;
        Meta = RequestMeta.None;
        _channel = null!;
        if (Pool.Count < MaxPooled && _id.Length == CallIds.MaxDigits)
        {
            Pool.Enqueue(this);
        }
    }
}
