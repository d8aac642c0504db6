using System.Buffers;

namespace Gaw.PostOffice.Protection;

/// <summary>
/// Several keys on one connection of a server, while a secret is being changed: opens with any of them, seals with the one that opened last.
/// Belongs to one connection.
/// </summary>
internal sealed class RotatingFrameProtector(IReadOnlyList<IFrameProtector> protectors) : IFrameProtector
{
    /// <summary>Written by the thread that opens; pairs with the read in <see cref="Seal"/>, by any thread that replies. A reply after the first request under a new key is sealed with it.</summary>
    private IFrameProtector _current = protectors[0];

    public int HeadBytes => protectors[0].HeadBytes;

    public int MaxTailBytes => protectors[0].MaxTailBytes;

    public int Seal(byte[] buffer, int start, int length) => Volatile.Read(ref _current).Seal(buffer, start, length);

    /// <summary>The protectors are those of all connections.</summary>
    public void Dispose()
    {
    }

    public bool TryOpen(Memory<byte> payload, out Memory<byte> document)
    {
        // Opening is done in place, so each attempt needs the payload as it came.
        byte[] original = ArrayPool<byte>.Shared.Rent(payload.Length);
        payload.CopyTo(original);
        IFrameProtector first = _current;
        bool opened = first.TryOpen(payload, out document);
        for (int i = 0; i < protectors.Count && !opened; i++)
        {
            if (protectors[i] != first)
            {
                original.AsMemory(0, payload.Length).CopyTo(payload);
                opened = protectors[i].TryOpen(payload, out document);
                if (opened)
                {
                    Volatile.Write(ref _current, protectors[i]);
                }
            }
        }

        ArrayPool<byte>.Shared.Return(original);
        return opened;
    }
}
