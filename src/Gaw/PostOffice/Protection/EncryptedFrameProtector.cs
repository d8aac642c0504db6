using System.Runtime.InteropServices;

namespace Gaw.PostOffice.Protection;

/// <summary>
/// The payload is <c>IV, AES-CBC(key, IV, PKCS#7(MAC, document))</c> (PROTOCOL section 3). The padding is not covered by the MAC, so both are
/// checked together, in the same time whatever is wrong: who can tell a wrong padding from a wrong MAC can decrypt.
/// </summary>
internal sealed class EncryptedFrameProtector(FrameKey key) : IFrameProtector
{
    private const int BlockBytes = FrameKey.BlockBytes;
    private const int MacBytes = FrameKey.MacBytes;

    /// <summary>IV, two blocks of MAC, and one more, which is padding at least in part.</summary>
    private const int MinPayloadBytes = BlockBytes + MacBytes + BlockBytes;

    /// <summary>What SHA-256 appends of its own to a message: a one bit and the length.</summary>
    private const int HashTailBytes = 9;

    public int HeadBytes => BlockBytes + MacBytes;

    public int MaxTailBytes => BlockBytes;

    public int Seal(byte[] buffer, int start, int length)
    {
        int clear = start - MacBytes;
        int padding = BlockBytes - ((MacBytes + length) % BlockBytes);
        int encrypted = MacBytes + length + padding;
        Span<byte> iv = buffer.AsSpan(clear - BlockBytes, BlockBytes);
        CipherState state = key.Rent();
        state.Sign(buffer.AsSpan(start, length), buffer.AsSpan(clear, MacBytes));
        buffer.AsSpan(start + length, padding).Fill((byte)padding);
        state.NextIv(iv);
        state.Encrypt(buffer, clear, encrypted, iv);
        key.Return(state);
        return BlockBytes + encrypted;
    }

    public void Dispose() => key.Dispose();

    public bool TryOpen(Memory<byte> payload, out Memory<byte> document)
    {
        document = default;
        if (payload.Length < MinPayloadBytes || payload.Length % BlockBytes != 0 || !MemoryMarshal.TryGetArray(payload, out ArraySegment<byte> segment))
        {
            return false;
        }

        int start = segment.Offset + BlockBytes;
        int length = segment.Count - BlockBytes;
        Span<byte> clear = segment.Array.AsSpan(start, length);
        Span<byte> mac = stackalloc byte[MacBytes];
        CipherState state = key.Rent();
        state.Decrypt(segment.Array!, start, length, segment.AsSpan(0, BlockBytes));
        int padding = CheckPadding(clear[^BlockBytes..], out int isPaddingRight);
        Span<byte> signed = clear[MacBytes..(length - padding)];
        state.Sign(signed, mac);
        state.SpendHashBlocks(1 + SparedHashBlocks(signed.Length, length - MacBytes - 1));
        key.Return(state);
        int isMacRight = MacComparison.AreEqual(mac, clear) ? 1 : 0;
        if ((isPaddingRight & isMacRight) == 0)
        {
            clear.Clear();
            return false;
        }

        document = payload.Slice(BlockBytes + MacBytes, signed.Length);
        return true;
    }

    /// <summary>
    /// What is taken for padding is not hashed, which may spare SHA-256 a block and so tell how much it was (the attack known as Lucky
    /// Thirteen). Spared blocks are hashed all the same, behind one that always is, since hashing nothing takes another path: the number
    /// of blocks does not depend on the padding.
    /// </summary>
    private static int SparedHashBlocks(int signedBytes, int mostSignedBytes) => HashBlocks(mostSignedBytes) - HashBlocks(signedBytes);

    private static int HashBlocks(int bytes) => (bytes + HashTailBytes + CipherState.HashBlockBytes - 1) / CipherState.HashBlockBytes;

    /// <summary>Looks at all sixteen bytes of the last block, without a branch that depends on them.</summary>
    /// <param name="last">The last block, decrypted.</param>
    /// <param name="isRight">1: the last <c>n</c> bytes are all <c>n</c>, from 1 to 16. Else 0.</param>
    /// <returns><c>n</c>, or 1 where it is wrong.</returns>
    private static int CheckPadding(ReadOnlySpan<byte> last, out int isRight)
    {
        int count = last[BlockBytes - 1];

        // Each term is negative, so that its sign bit says it, where the condition is broken.
        int broken = (count - 1) | (BlockBytes - count);
        for (int i = 0; i < BlockBytes; i++)
        {
            int fromEnd = BlockBytes - i;
            int isPadding = (fromEnd - count - 1) >> 31;
            int differs = last[i] ^ count;
            broken |= -differs & isPadding;
        }

        int mask = broken >> 31;
        isRight = 1 + mask;
        return (count & ~mask) | (1 & mask);
    }
}
