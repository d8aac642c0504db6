using System.Globalization;
using System.Text;
using Gaw.Json;
using Gaw.JsonWeb.Envelopes;
using Gaw.PostOffice;
using Gaw.PostOffice.Client;
using Gaw.PostOffice.Client.Matching;
using Gaw.PostOffice.Client.Pooling;
using Gaw.PostOffice.Client.Reading;
using Gaw.PostOffice.Client.Sending;
using Gaw.PostOffice.Protection;
using Gaw.Scheduling;
using Gaw.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Gaw.Tests.PostOffice.Client.Reading;

/// <summary>The reading parts of a client's connection, wired as <see cref="ClientConnection"/> does it, with calls that a test makes.</summary>
internal sealed class ReadConnection : IDisposable
{
    private readonly SocketPair _sockets = SocketPair.Create();
    private readonly RequestQueue _requests;
    private readonly ReplyStream _stream;

    /// <param name="mode">What the connection knows of its server at the beginning.</param>
    /// <param name="hasIds">Replies carry ids; otherwise they come in order.</param>
    public ReadConnection(ServerMode mode = ServerMode.Unknown, bool hasIds = true)
    {
        Context = new ConnectionContext(
            _sockets.Peer.LocalEndPoint!,
            PlainFrameProtector.Instance,
            hasIds ? ResponseReader.GetId : null,
            new PostOfficeClientOptions { TimeProvider = Time },
            NullLogger.Instance,
            new ServerRecord());
        if (hasIds && mode == ServerMode.Sequential)
        {
            Context.State.Replied();
        }
        else if (hasIds && mode == ServerMode.Multiplexed)
        {
            Context.State.TryBecomeMultiplexed();
        }

        _requests = new RequestQueue(_sockets.Transport, PlainFrameProtector.Instance, static e => throw e);
        _stream = new ReplyStream(_sockets.Transport, Context);
        Matcher = new ReplyMatcher(Context, _requests, Released.Add);
        Dispatcher = new ReplyDispatcher(
            Context, _stream, Matcher, new WokenCallers(), static () => { }, new LoopLease(static () => { }), new LoopLease(static () => { }), Released.Add, Failures.Add, static (call, error) => call.Complete(error, inline: false));
    }

    public FakeTimeProvider Time { get; } = new();

    public ConnectionContext Context { get; }

    public ReplyMatcher Matcher { get; }

    public ReplyDispatcher Dispatcher { get; }

    /// <summary>What was said of room for further calls: <see langword="true"/> since the server multiplexes.</summary>
    public List<bool> Released { get; } = [];

    /// <summary>What the connection was ended with.</summary>
    public List<Exception> Failures { get; } = [];

    public static byte[] IdOf(int key) => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"7{key:d9}"));

    /// <summary>A call that is open and whose request has left.</summary>
    public SentCall Send(int key, int bytes = 10)
    {
        SentCall call = new(key);
        JsonWriter document = MessageWriter.Rent(1 << 20);
        document.Append(new byte[bytes]);
        call.Position.Reset(document.Length);
        lock (Context.Gate)
        {
            Context.Calls.TryAdd(call).Should().BeTrue();
        }

        _requests.Post(document, call.Position);
        _requests.Flush();
        return call;
    }

    /// <summary>A call that was sent and given up.</summary>
    public SentCall Abandon(int key)
    {
        SentCall call = Send(key);
        lock (Context.Gate)
        {
            Context.Calls.Abandon(call).Should().BeTrue();
        }

        return call;
    }

    /// <summary>The server sends these frames, and they are read and given to their calls.</summary>
    /// <returns>What <see cref="ReplyDispatcher.DispatchReceived"/> has said.</returns>
    public bool Reply(params string[] documents)
    {
        byte[] bytes = [.. documents.SelectMany(static document => RawPeer.Frame(document))];
        _sockets.Send(bytes);
        SpinWait.SpinUntil(() => _sockets.Transport.Available == bytes.Length, TestTimeouts.Limit).Should().BeTrue("the bytes come over loopback");
        _stream.Receive();
        return Dispatcher.DispatchReceived(inline: false);
    }

    public void Dispose()
    {
        _requests.Dispose();
        _sockets.Dispose();
    }

    /// <summary>Is done with the reply's document.</summary>
    internal sealed class SentCall : PendingCall
    {
        public SentCall(int key)
        {
            Key = key;
            IdPrefix = "7"u8.ToArray();
            IsSynchronous = true;
        }

        public bool IsReply { get; set; } = true;

        public TimeSpan Limit
        {
            init => Timeout = value;
        }

        public override string Path => "shelf/find";

        public override bool TryRead(ReadOnlySpan<byte> reply) => IsReply;

        protected override void Continue() => throw new NotSupportedException("A synchronous call has no continuation.");
    }
}
