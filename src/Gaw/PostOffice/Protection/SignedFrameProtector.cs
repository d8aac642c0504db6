namespace Gaw.PostOffice.Protection;

/// <summary>The payload is <c>HMAC-SHA256(key, document)</c>, 32 raw bytes, then the document (PROTOCOL section 3).</summary>
internal sealed class SignedFrameProtector(FrameKey key) : IFrameProtector
{
    public int HeadBytes => FrameKey.MacBytes;

    public int MaxTailBytes => 0;

    public int Seal(byte[] buffer, int start, int length)
    {
        CipherState state = key.Rent();
        state.Sign(buffer.AsSpan(start, length), buffer.AsSpan(start - FrameKey.MacBytes, FrameKey.MacBytes));
        key.Return(state);
        return FrameKey.MacBytes + length;
    }

    public void Dispose() => key.Dispose();

    public bool TryOpen(Memory<byte> payload, out Memory<byte> document)
    {
        document = default;
        if (payload.Length < FrameKey.MacBytes)
        {
            return false;
        }

        Span<byte> mac = stackalloc byte[FrameKey.MacBytes];
        CipherState state = key.Rent();
        state.Sign(payload.Span[FrameKey.MacBytes..], mac);
        key.Return(state);
        if (!MacComparison.AreEqual(mac, payload.Span))
        {
            return false;
        }

        document = payload[FrameKey.MacBytes..];
        return true;
    }
}
