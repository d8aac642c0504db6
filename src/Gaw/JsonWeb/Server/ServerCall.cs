using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Gaw.JsonWeb.Envelopes;
using Gaw.JsonWeb.ReplyCaching;
using Gaw.JsonWeb.Reports;
using Gaw.JsonWeb.Streams.Receiving;
using Gaw.JsonWeb.Streams.Sending;
using Gaw.PostOffice;
using Gaw.Shared;
using Gaw.Telemetry;

namespace Gaw.JsonWeb.Server;

/// <summary>One request on its way through the server: it runs, and its <see cref="CallReply"/> goes out. Used again: whoever has its reply must forget it.</summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "It is used again; what it owns is disposed when it is recycled.")]
internal sealed class ServerCall : InboundMessage
{
    private const int MaxPooled = 256;

    private static readonly ConcurrentQueue<ServerCall> Pool = new();

    private readonly CallReply _reply = new();
    private JsonWebServer _server = null!;
    private RouteTable.Route _route = null!;
    private object _bound = null!;
    private CallerTime _time;
    private CallToken _token;
    private ServerSpan _span;
    private bool _hasFailed;
    private CallStreams _streams;
    private ReportSender? _reports;

    /// <summary>The path that was called.</summary>
    public string Path => _reply.Path;

    public EndPoint? RemoteEndPoint => _reply.Channel.RemoteEndPoint;

    /// <summary>The clock that <see cref="Deadline"/> is a time stamp of.</summary>
    public TimeProvider Clock => _server.PostOffice.Options.TimeProvider;

    public X509Certificate2? ClientCertificate => _reply.Channel.ClientCertificate;

    /// <summary>What the caller said beside the arguments, where the handler wants to know.</summary>
    public RequestMeta Meta { get; private set; } = RequestMeta.None;

    /// <summary>Takes the items of the result; <see langword="null"/> where the result is one value.</summary>
    public ServerStream? Stream => _streams.Result;

    /// <summary>The arguments that are streams, whose items come while the method runs; <see langword="null"/>: there are none.</summary>
    public InboundArguments? Arguments => _streams.Arguments;

    /// <inheritdoc/>
    public override ReplyChannel Channel => _reply.Channel;

    /// <inheritdoc/>
    public override bool StaysOnThread => Handler.StaysOnThread;

    /// <inheritdoc/>
    public override bool IsControl => Handler.IsControl;

    /// <inheritdoc/>
    public override bool TakesSlot => _streams.TakesSlot ?? !Handler.IsControl;

    /// <inheritdoc/>
    public override UInt128? Number => !InOrder && _reply.Id.TryGetNumber(out UInt128 number) ? number : null;

    /// <inheritdoc/>
    public override bool OutlivesConnection => _reply.Kept is not null;

    /// <inheritdoc/>
    public override long Deadline => _time.GetDeadline(Clock);

    /// <inheritdoc/>
    public override bool HasFailed => _hasFailed;

    /// <inheritdoc/>
    public override bool HoldsResources => Handler.HoldsResources(_bound);

    private RequestHandler Handler => _route.Handler;

    /// <summary>Makes a call ready to run.</summary>
    /// <param name="server">Who runs it.</param>
    /// <param name="channel">Where its reply goes.</param>
    /// <param name="request">The request as it came.</param>
    /// <param name="meta">Its metadata, where they have been read already.</param>
    /// <param name="kept">Where its reply is kept, if it is.</param>
    /// <param name="route">What the request leads to.</param>
    /// <param name="bound">What the handler made of the arguments.</param>
    public static ServerCall Create(
        JsonWebServer server, ReplyChannel channel, in Request request, RequestMeta? meta, CachedReply? kept, RouteTable.Route route, object bound)
    {
        ServerCall call = Pool.TryDequeue(out ServerCall? pooled) ? pooled : new ServerCall();
        call._server = server;
        RequestHandler handler = route.Handler;
        call._route = route;
        call.Predictor = handler.Predictor;
        call._bound = bound;
        call.InOrder = request.Meta.IsEmpty;
        call._reply.Begin(server, channel, request, kept, route.Path);

        // What waits for its turn needs to know for how long it is wanted, whatever its method wants to know.
        bool mayWait = server.PostOffice.LimitsCalls || handler.Predictor.IsLikely;
        call.Meta = meta ?? (handler.TakesMeta || mayWait || ServerSpan.TakesMeta ? RequestMeta.Read(request.Meta, server.Serializer.Limits) : RequestMeta.None);
        call._streams = CallStreams.Of(server, call._reply, call.Meta, handler, bound);
        call._time = new CallerTime(call.Meta.Timeout, call.Meta.Timeout is null ? 0 : call.Clock.GetTimestamp());
        return call;
    }

    /// <summary>
    /// Fires when the caller is known to be gone, or, where it may come back for the reply, the server ends; for a .NET caller also when it cancels or its time is over. To be
    /// asked for once.
    /// </summary>
    public CancellationToken GetCancellationToken()
    {
        CancellationToken lost = _reply.Kept is null ? Channel.GetLostToken(InOrder) : _server.PostOffice.CutOff;
        UInt128? number = Number;
        return number is null && !_streams.Exist ? lost : _token.Open(number, _streams.Cancellation(_time.GetLimit(Clock), _server), _reply, this, lost);
    }

    /// <summary>Where the method's reports go; <see langword="null"/>: nobody looks. To be asked for once.</summary>
    public ReportSink? BeginReports() => _reports = Meta.Progress && !InOrder ? new ReportSender(_server, _reply) : null;

    /// <inheritdoc/>
    public override ValueTask ProcessAsync()
    {
        if (_streams.Exist && _streams.Enter(hasNumber: Number is not null) is { } refusal)
        {
            Abandon(refusal);
            return default;
        }

        if (ServerSpan.IsWanted && !Handler.IsControl && _server.PostOffice.Options.IsMeasured)
        {
            _span = ServerSpan.Begin(_route.Tags, Meta.Headers, RemoteEndPoint);
        }

        try
        {
            ValueTask running = Handler.RunAsync(_bound, this);
            if (!running.IsCompletedSuccessfully)
            {
                return FinishAsync(running);
            }

            running.GetAwaiter().GetResult();
            ReplyResult();
        }
        catch (Exception e)
        {
            ReplyFailure(e);
        }

        return default;
    }

    /// <inheritdoc/>
    public override void Abandon(ErrorInfo reason) => _reply.NotRun(reason);

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
            ReplyResult();
        }
        catch (Exception e)
        {
            ReplyFailure(e);
        }
    }

    private async ValueTask DisposeAsync()
    {
        try
        {
            await Handler.EndAsync(_bound).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            _server.Log.DisposeThrew(Path, e);
        }

        Recycle();
    }

    private void ReplyResult()
    {
        _reports?.Close();
        Arguments?.Close();
        EndSpan(Stream is { } stream ? stream.End() : _reply.Result(Handler, _bound));
    }

    private void ReplyFailure(Exception exception)
    {
        _reports?.Close();
        Arguments?.Close();
        if (Stream is { } stream)
        {
            stream.Fail(exception);
        }
        else
        {
            _reply.Failure(Arguments?.Explain(exception) ?? exception, Handler, _bound);
        }

        EndSpan(exception);
    }

    private void EndSpan(Exception? error)
    {
        _hasFailed = error is not null;
        if (_span.IsOpen)
        {
            _span.End(error, isStream: _streams.ArePaced, _streams.Result?.SentItems);
            _span = default;
        }
    }

    private void Recycle()
    {
        _streams.Dispose();
        _streams = default;
        _reports = null;
        _token.Close(Channel, _reply.Kept);
        Handler.Release(_bound);
        _bound = null!;
        _reply.Release();
        Meta = RequestMeta.None;
        if (Pool.Count < MaxPooled && _reply.Id.IsUsual)
        {
            Pool.Enqueue(this);
        }
    }
}
