using System.Text.Unicode;
using Gaw.PostOffice.Framing;
using Gaw.PostOffice.Protection;
using Gaw.PostOffice.Replies;
using Gaw.Shared;

namespace Gaw.PostOffice.Server.Receiving;

/// <summary>
/// Received bytes become documents: frames are taken, opened and checked. Only the holder of the loop calls it; other threads read <see cref="Snapshot"/>.
/// </summary>
internal sealed class FrameSource(PostOfficeServerOptions options, IFrameProtector protector, FrameBudget budget) : IDisposable
{
    private readonly FrameReader _reader = new(options.MaxFrameBytes, budget);

    /// <summary>One word, so that no reader sees parts of two moments. The write in <see cref="Publish"/> pairs with the read in <see cref="Snapshot"/>.</summary>
    private long _published;

    private int _framesTaken;

    /// <summary>The receive side, for every thread. Pairs with <see cref="Publish"/>; may be a moment old.</summary>
    public ReceiveSnapshot Snapshot => ReceiveSnapshot.Unpack(Volatile.Read(ref _published));

    /// <summary>Bytes that were received and not taken, for the loop.</summary>
    public int BufferedBytes => _reader.BufferedBytes;

    /// <inheritdoc cref="FrameReader.HasOnlyLengthLine"/>
    public bool HasOnlyLengthLine => _reader.HasOnlyLengthLine;

    /// <summary>How many documents were taken. Written by the loop only, so that counting costs nothing; readers may see it a little late.</summary>
    public long DocumentsTaken { get; private set; }

    /// <summary>Takes the next document. It lies in the receive buffer, until the next <see cref="GetFreeSpace"/>.</summary>
    /// <param name="document">The document; empty where there is none.</param>
    /// <param name="error">For the peer, where the frame is <see cref="FrameSourceStatus.Malformed"/>.</param>
    public FrameSourceStatus TryNext(out Memory<byte> document, out ErrorInfo? error)
    {
        error = null;
        FrameStatus status = _reader.TryTake(out document);
        if (status == FrameStatus.Incomplete)
        {
            return FrameSourceStatus.Incomplete;
        }

        if (status != FrameStatus.Complete)
        {
            error = status == FrameStatus.TooLarge ? ErrorFrame.TooLarge(options.MaxFrameBytes) : ErrorFrame.BadLengthLine;
            return FrameSourceStatus.Malformed;
        }

        _framesTaken = (_framesTaken + 1) & 0x3FFF_FFFF;
        Publish(awaitsBytes: false);
        if (!protector.TryOpen(document, out document))
        {
            error = ErrorFrame.BadSignature;
            return FrameSourceStatus.Malformed;
        }

        if (!Utf8.IsValid(document.Span))
        {
            return FrameSourceStatus.NotReadable;
        }

        DocumentsTaken++;
        return FrameSourceStatus.Document;
    }

    /// <inheritdoc cref="FrameReader.LeaveBuffer"/>
    public void LeaveBuffer() => _reader.LeaveBuffer();

    /// <inheritdoc cref="FrameReader.GetFreeSpace"/>
    public Memory<byte> GetFreeSpace() => _reader.GetFreeSpace();

    /// <inheritdoc cref="FrameReader.Received"/>
    public void Received(int count)
    {
        _reader.Received(count);
        Publish(awaitsBytes: false);
    }

    /// <summary>Shows the receive side to other threads. Pairs with <see cref="Snapshot"/>.</summary>
    public void Publish(bool awaitsBytes) =>
        Volatile.Write(ref _published, new ReceiveSnapshot(awaitsBytes, _framesTaken, _reader.BufferedBytes, _reader.HasLengthLine).Pack());

    public void Dispose()
    {
        _reader.Dispose();
        Publish(awaitsBytes: false);
    }
}
