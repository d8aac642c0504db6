using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Threading.Tasks.Sources;

namespace Gaw.Benchmarks.Peers;

/// <summary>
/// The limit for many callers: one connection, a thread that takes the answers in batches and wakes their callers, and whatever they ask next goes
/// out in one send. The bytes of a Gaw call, moved and not looked at beyond the key.
/// </summary>
internal sealed class MultiplexedSocketPeer : Peer
{
    public override string Name => AllPeers.Multiplexed;

    public override Task<PeerServer> ServeAsync() => Task.FromResult(BareSocketServer.Start());

    public override ValueTask<PeerClient> ConnectAsync(int port) => new(new Client(BareSocketPeer.Connect(port)));

    private sealed class Client : PeerClient
    {
        private readonly Socket _socket;
        private readonly Lock _gate = new();
        private readonly ConcurrentStack<Call> _free = new();
        private readonly Call[] _calls = new Call[4096];
        private readonly Thread _reader;
        [ThreadStatic]
        private static ManualResetEventSlim? _answered;

        private byte[] _waiting = new byte[1024 * 1024];
        private byte[] _sending = new byte[1024 * 1024];
        private int _waitingBytes;
        private int _made;
        private bool _busy;

        public Client(Socket socket)
        {
            _socket = socket;
            _reader = new Thread(Read) { IsBackground = true };
            _reader.Start();
        }

        public override int Plus(int a, int b)
        {
            ManualResetEventSlim answered = _answered ??= new();
            answered.Reset();
            Call call = Send();
            call.OnCompleted(static answered => ((ManualResetEventSlim)answered!).Set(), answered, call.Version, ValueTaskSourceOnCompletedFlags.None);
            answered.Wait();
            return call.GetResult(call.Version);
        }

        public override ValueTask<int> PlusAsync(int a, int b)
        {
            Call call = Send();
            return new ValueTask<int>(call, call.Version);
        }

        public override ValueTask DisposeAsync()
        {
            _socket.Dispose();
            return default;
        }

        private Call Send()
        {
            Call call = _free.TryPop(out Call? free) ? free : Make();
            bool sends;
            lock (_gate)
            {
                call.Request.CopyTo(_waiting, _waitingBytes);
                _waitingBytes += call.Request.Length;

                // What the reader's callers ask while it wakes them is sent after the last of them.
                sends = !_busy && Thread.CurrentThread != _reader;
                _busy |= sends;
            }

            if (sends)
            {
                SendWaiting();
            }

            return call;
        }

        private Call Make()
        {
            int key = Interlocked.Increment(ref _made) - 1;
            return _calls[key] = new Call(key, _free);
        }

        /// <summary>For the one who found nobody sending: sends until nothing waits.</summary>
        private void SendWaiting()
        {
            while (true)
            {
                int count;
                lock (_gate)
                {
                    count = _waitingBytes;
                    if (count == 0)
                    {
                        _busy = false;
                        return;
                    }

                    (_sending, _waiting) = (_waiting, _sending);
                    _waitingBytes = 0;
                }

                for (int sent = 0; sent < count;)
                {
                    sent += _socket.Send(_sending.AsSpan(sent, count - sent));
                }
            }
        }

        private void Read()
        {
            byte[] received = new byte[64 * 1024];
            int end = 0;
            int size = CannedFrames.Answer.Length;
            try
            {
                while (true)
                {
                    int count = _socket.Receive(received.AsSpan(end));
                    if (count == 0)
                    {
                        return;
                    }

                    end += count;
                    int start = 0;
                    for (; end - start >= size; start += size)
                    {
                        if (!Utf8Parser.TryParse(received.AsSpan(start + CannedFrames.AnswerKeyAt, CannedFrames.KeyDigits), out int key, out _))
                        {
                            throw new InvalidDataException("The bare server sent something else than answers.");
                        }

                        _calls[key].Complete();
                    }

                    received.AsSpan(start, end - start).CopyTo(received);
                    end -= start;
                    bool sends;
                    lock (_gate)
                    {
                        sends = !_busy && _waitingBytes > 0;
                        _busy |= sends;
                    }

                    if (sends)
                    {
                        SendWaiting();
                    }
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // The connection is closed.
            }
        }
    }

    /// <summary>A caller's place: its request with the key in it, and whom to wake.</summary>
    private sealed class Call : IValueTaskSource<int>
    {
        private readonly ConcurrentStack<Call> _free;
        private ManualResetValueTaskSourceCore<int> _core;

        public Call(int key, ConcurrentStack<Call> free)
        {
            _free = free;
            Request = [.. CannedFrames.Request];
            Utf8Formatter.TryFormat(key, Request.AsSpan(CannedFrames.RequestKeyAt, CannedFrames.KeyDigits), out _, new('D', CannedFrames.KeyDigits));
        }

        public byte[] Request { get; }

        public short Version => _core.Version;

        public void Complete() => _core.SetResult(3);

        public int GetResult(short token)
        {
            int result = _core.GetResult(token);
            _core.Reset();
            _free.Push(this);
            return result;
        }

        public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

        public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) => _core.OnCompleted(continuation, state, token, flags);
    }
}
