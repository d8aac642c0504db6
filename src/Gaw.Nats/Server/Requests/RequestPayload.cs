using System.Buffers;
using Gaw.PostOffice.Protection;

namespace Gaw.Nats.Server.Requests;

/// <summary>The bytes of a request, copied off the loop that reads from the engine, until they are read. Used by one thread at a time.</summary>
internal sealed class RequestPayload
{
    private byte[] _buffer;

    public RequestPayload(in ReadOnlySequence<byte> payload)
    {
        Length = (int)payload.Length;
        _buffer = ArrayPool<byte>.Shared.Rent(Length);
        payload.CopyTo(_buffer);
    }

    public int Length { get; }

    /// <summary>What it came sealed with; <see langword="null"/>: it was not opened yet.</summary>
    public IFrameProtector? Protector { get; private set; }

    /// <summary>Opens it in place.</summary>
    /// <inheritdoc cref="Opening.TryOpen"/>
    public bool TryOpen(IReadOnlyList<IFrameProtector> protectors, out Memory<byte> document, out IFrameProtector protector)
    {
        if (!Opening.TryOpen(protectors, _buffer.AsMemory(0, Length), out document, out protector))
        {
            return false;
        }

        Protector = protector;
        return true;
    }

    /// <summary>Gives the bytes back to the pool; nothing may point into them any more.</summary>
    public void Return()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }
}
