using Gaw.Json;
using Gaw.JsonWeb.Envelopes;
using Gaw.JsonWeb.Server;
using Gaw.JsonWeb.Streams.Sending;
using Gaw.PostOffice;
using Gaw.Scheduling;
using Gaw.Serialization;
using Gaw.Serialization.Streams;
using Gaw.Telemetry;

namespace Gaw.JsonWeb.Streams.Receiving;

/// <summary>
/// The arguments of one call that are streams, on the server (PROTOCOL section 12.11): finds where items belong, names limits to their sender, and says that the call lives. Nothing leaves behind the reply.
/// Thread-safe.
/// </summary>
internal sealed class InboundArguments : StreamFactory, IDisposable
{
    private readonly Lock _gate = new();

    /// <summary>The count of waits and what the clock is told of it change together.</summary>
    private readonly Lock _waits = new();

    /// <summary>Written before the method runs; pairs with the reads of the threads that read items, which come later, and of the clock's.</summary>
    private readonly InboundStream?[] _streams = new InboundStream?[StreamMark.MostOfCall];
    private readonly JsonWebServer _server;
    private readonly CallReply _reply;
    private readonly StreamPulse _pulse;
    private CancellationTokenRegistration _watch;
    private bool _isClosed;

    /// <summary>How many of them wait for an item, with nothing there.</summary>
    private int _waiting;

    public InboundArguments(JsonWebServer server, CallReply reply, RequestHandler handler, TimeSpan? alive)
    {
        _server = server;
        _reply = reply;
        Handler = handler;
        _pulse = new StreamPulse(server.PostOffice.Options.TimeProvider, alive, hasLease: !reply.Channel.IsOfOnePeer, Beat);
    }

    /// <summary>What the call led to.</summary>
    public RequestHandler Handler { get; }

    /// <summary>The source of <see cref="Token"/>; set before the call begins.</summary>
    public CallCancellation Cancellation { get; set; } = null!;

    /// <summary>Ends the call's method; set before it begins.</summary>
    public CancellationToken Token
    {
        get;
        set
        {
            field = value;
            _watch = value.UnsafeRegister(static (self, token) => ((InboundArguments)self!).EndAll(new OperationCanceledException("The call was cancelled, or its caller is gone.", token)), this);
        }
    }

    /// <summary>The path of the call.</summary>
    public string Path => _reply.Path;

    /// <summary>The most that one item can have, in bytes.</summary>
    public int LargestItem => _server.PostOffice.Options.MaxFrameBytes;

    /// <summary>What a document may cost.</summary>
    public JsonLimits Limits => _server.Serializer.Limits;

    /// <summary>The call begins.</summary>
    /// <returns><see langword="false"/>: too many streams are open, and it must not run.</returns>
    public bool TryEnter()
    {
        if (!_server.Streams.TryEnter(_pulse, _reply.Channel))
        {
            return false;
        }

        _pulse.Start();
        return true;
    }

    public override IAsyncEnumerable<T> Create<T>(int number, string name, ValueConverter<T> item)
    {
        if (_streams[number] is not null)
        {
            throw new GawError("TypeError", $"{Path} got the stream {number} for two arguments, {_streams[number]!.Name} and {name}");
        }

        InboundStream<T> stream = new(this, number, name, item);
        Volatile.Write(ref _streams[number], stream);
        return stream;
    }

    /// <summary>The caller has said something of the call. Told on arrival, where that may wait to be read.</summary>
    public void OnHeard() => _pulse.OnHeard();

    /// <summary>Items have come. On the thread that reads, before it may be made up for: so the order stays.</summary>
    /// <returns>Whose items they are, to be read by <see cref="InboundStream.Read"/>; <see langword="null"/>: nobody's, or they wait for those before them.</returns>
    public InboundStream? TryBegin(in ItemMessage message)
    {
        _pulse.OnHeard();
        InboundStream? stream = message.Number < _streams.Length ? Volatile.Read(ref _streams[message.Number]) : null;
        return stream is not null && stream.TryBegin(message) ? stream : null;
    }

    /// <summary>Names a limit to the sender of an argument.</summary>
    public void Tell(int number, StreamTotals limit)
    {
        // Taken while the call is open: once it has ended, its reply has no channel any more.
        ReplyChannel channel;
        lock (_gate)
        {
            if (_isClosed)
            {
                return;
            }

            channel = _reply.Channel;
            JsonWriter writer = channel.Begin();
            ResponseWriter.BeginResult(writer, _reply.Id.Text);
            writer.Null();
            ResponseWriter.End(writer);
            Span<byte> buffer = stackalloc byte[StreamMeta.MaxSentBytes];
            _pulse.OnSent();
            channel.End(writer, inOrder: false, StreamMeta.WriteTake(buffer, number, limit));
        }

        channel.Flush();
    }

    /// <summary>An argument begins to wait for an item, or has got one.</summary>
    public void OnWaiting(bool isWaiting)
    {
        lock (_waits)
        {
            _waiting += isWaiting ? 1 : -1;
            _pulse.IsQuiet = _waiting > 0;
        }
    }

    /// <summary>What the caller is told in place of the method's failure: a stop that cuts the call off ends it, where its caller is not gone.</summary>
    public Exception Explain(Exception failure) => _server.Streams.IsStopping && failure is OperationCanceledException ? StreamErrors.Stopping(Path) : failure;

    /// <summary>The call is about to be answered: nothing leaves any more.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
        }
    }

    /// <summary>The call has ended: a stream that is still being read ends, too.</summary>
    public void Dispose()
    {
        Close();
        _watch.Dispose();
        _pulse.Dispose();
        EndAll(new InvalidOperationException($"The call of {Path} has ended, and with it the streams that were its arguments. Read them before the method returns."));
        _server.Streams.Leave(_pulse, _reply.Channel);
    }

    /// <summary>A part of an argument was taken in.</summary>
    public static void Count(int items) => Instruments.PartReceived(items);

    private void EndAll(Exception reason)
    {
        foreach (ref InboundStream? stream in _streams.AsSpan())
        {
            Volatile.Read(ref stream)?.End(reason);
        }
    }

    /// <summary>On a thread of the clock. A limit that is named again says that the call lives: it changes nothing.</summary>
    private void Beat(bool isOver)
    {
        if (isOver)
        {
            EndAll(_pulse.HasEnded
                ? StreamErrors.StoppingArguments(Path)
                : new OperationCanceledException("The caller has not said for too long that the call is wanted."));
            if (!_pulse.HasEnded)
            {
                Cancellation.CancelSafely();
            }
        }
        else if (Array.FindIndex(_streams, static stream => stream is not null) is var number and >= 0)
        {
            Tell(number, _streams[number]!.Limit);
        }
    }
}
