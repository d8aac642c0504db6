using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using Gaw.PostOffice.Framing;
using Gaw.PostOffice.Replies;
using Gaw.PostOffice.Sockets;
using Gaw.Shared;

namespace Gaw.PostOffice.Client.Reading;

/// <summary>The replies of a connection as they come: bytes are received, frames taken and opened. Used by the thread that reads, but for what other threads ask.</summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "The thread that reads may be at the buffer when the connection ends, so it is left to the garbage collector.")]
internal sealed class ReplyStream(Transport transport, ConnectionContext context)
{
    /// <summary>A receive may wait so much longer than its call: setting it anew each time would cost a call of the system.</summary>
    private static readonly TimeSpan ReceiveSlack = TimeSpan.FromMilliseconds(50);

    private readonly FrameReader _reader = new(context.Options.MaxFrameBytes);

    /// <summary>Written by the thread that reads; read by those that send and by the clock, for which an old figure is as good. Pairs with the read in <see cref="Receives"/>.</summary>
    private volatile int _receives;

    /// <summary>The thread that takes frames out of the reader at this moment; 0 while it is in a receive. A thread compares it with its own id only, so it needs no partner.</summary>
    private volatile int _framesTakenBy;

    /// <summary>A receive waits, and the beginning of a reply lies in front of it. The write pairs with the read in <see cref="HasBegunReply"/>, by the thread that ends the connection.</summary>
    private volatile bool _waitsWithBegunReply;

    /// <summary>Written before the next reading thread is told to go on, which reads it.</summary>
    private bool _leavesBuffer;

    /// <summary>How often something was received.</summary>
    public int Receives => _receives;

    /// <summary>Inside TLS, whose own messages can make the socket readable.</summary>
    public bool IsTls => transport.IsTls;

    /// <summary>There is something to receive, or the end. Inside TLS: the end, once the server has answered; before that only its bytes say why it has closed.</summary>
    public bool IsReadable => IsTls ? context.State.HasReplied && transport.GetPeerState() != PeerState.Open : transport.IsReadable();

    /// <summary><see cref="IsReadable"/> tells the peer's end while nobody receives, also inside TLS.</summary>
    public bool ShowsPeersEnd => !IsTls || OperatingSystem.IsLinux();

    /// <summary>Bytes that can be received without waiting.</summary>
    public int Available => transport.Available;

    /// <summary>The beginning of a reply has come, and not its end.</summary>
    public bool HasBegunReply => _framesTakenBy == Environment.CurrentManagedThreadId ? _reader.BufferedBytes > 0 : _waitsWithBegunReply;

    /// <summary>Waits for bytes; without end, but for a time-out that an earlier <see cref="TryReceive"/> has set.</summary>
    public void Receive()
    {
        Span<byte> free = _reader.GetFreeSpace().Span;
        _waitsWithBegunReply = _reader.BufferedBytes > 0;
        _framesTakenBy = 0;
        int count = transport.Receive(free);
        _framesTakenBy = Environment.CurrentManagedThreadId;
        if (count == 0)
        {
            throw new IOException(context.State.HasReplied || context.Record.IsKnown
                ? "The server closed the connection."
                : "The server closed the connection and had not answered anything on it. Is a Gaw server listening there, and does it want TLS?");
        }

        _waitsWithBegunReply = false;
        _reader.Received(count);
        _receives++;
    }

    /// <summary>Waits for bytes. <see langword="false"/>: the time is over.</summary>
    public bool TryReceive(Deadline deadline)
    {
        while (true)
        {
            int rest = deadline.SocketMilliseconds;
            if (transport.ReceiveTimeout != rest && (rest == 0 || transport.ReceiveTimeout == 0 || transport.ReceiveTimeout > rest + ReceiveSlack.TotalMilliseconds))
            {
                transport.ReceiveTimeout = rest;
            }

            try
            {
                Receive();
                return true;
            }
            catch (SocketException e) when (IsTimeout(e))
            {
                if (deadline.IsOver)
                {
                    return false;
                }

                // It was set for a call that had less time.
                transport.ReceiveTimeout = deadline.SocketMilliseconds;
            }
        }
    }

    /// <summary>Waits so long for bytes or the end. Inside TLS they may be messages of TLS itself.</summary>
    public bool IsReadableWithin(TimeSpan patience) => transport.IsReadable(patience);

    /// <summary>For the thread that reads, with no call open: waits for bytes. <see langword="false"/>: nothing has come in that time, or a little more.</summary>
    public bool TryReceiveWithin(TimeSpan time)
    {
        if (IsTls)
        {
            // A receive that runs into its time-out would leave TLS in the middle of a record.
            if (transport.IsReadable(time))
            {
                Receive();
                return true;
            }

            return false;
        }

        transport.ReceiveTimeout = (int)time.TotalMilliseconds;
        try
        {
            Receive();
            return true;
        }
        catch (SocketException e) when (IsTimeout(e))
        {
            return false;
        }
    }

    /// <summary>Waits for bytes, whoever has set a time-out before.</summary>
    public void ReceiveWithoutEnd()
    {
        try
        {
            Receive();
        }
        catch (SocketException e) when (IsTimeout(e))
        {
            // The time-out was set for a caller that read before; those of the calls that are open now are watched by the clock.
            transport.ReceiveTimeout = 0;
        }
    }

    /// <summary>Takes the next document that has come whole. It stays valid until the next receive.</summary>
    /// <exception cref="GawProtocolException">The bytes are no frame.</exception>
    /// <exception cref="GawAuthenticationException">Its signature is wrong.</exception>
    public bool TryTake(out Memory<byte> document)
    {
        if (_leavesBuffer)
        {
            _leavesBuffer = false;
            _reader.LeaveBuffer();
        }

        FrameStatus status = _reader.TryTake(out Memory<byte> payload);
        if (status == FrameStatus.Complete)
        {
            return context.Protector.TryOpen(payload, out document) ? true : throw new GawAuthenticationException($"The signature of an answer from {context.EndPoint} is wrong.");
        }

        document = default;
        if (status != FrameStatus.Incomplete)
        {
            throw new GawProtocolException(status == FrameStatus.TooLarge
                ? $"An answer from {context.EndPoint} is above the limit of {context.Options.MaxFrameBytes} bytes. Raise MaxFrameBytes, or ask for less."
                : $"What came from {context.EndPoint} is not a frame: its length line does not hold 1 to 20 digits.{(context.Record.IsKnown ? "" : " Is a Gaw server listening there, and does it want TLS?")}");
        }

        if (_reader.HasOnlyLengthLine)
        {
            transport.AcknowledgeNow();
        }

        return false;
    }

    /// <summary>The id of the reply of which only the beginning has come; empty where it cannot be told.</summary>
    public byte[] GetBegunId()
    {
        try
        {
            return ReplyReader.GetBegunId(_reader.PeekPartialPayload(), context.ReplyId).ToArray();
        }
        catch (Exception)
        {
            // The reading thread is at it at this moment. The calls are out of the table and have to learn of the end whatever is met there; an id has so
            // many digits that only the right one is taken for one.
            return [];
        }
    }

    /// <summary>The thread that reads keeps the document that it has taken: whoever takes the next one does so out of another buffer.</summary>
    public void LeaveBuffer() => _leavesBuffer = true;

    private static bool IsTimeout(SocketException e) => e.SocketErrorCode is SocketError.TimedOut or SocketError.WouldBlock;
}
