namespace Gaw.PostOffice.Protection;

/// <summary>The payload is the document.</summary>
internal sealed class PlainFrameProtector : IFrameProtector
{
    public static PlainFrameProtector Instance { get; } = new();

    public int HeadBytes => 0;

    public int MaxTailBytes => 0;

    public int Seal(byte[] buffer, int start, int length) => length;

    public bool TryOpen(Memory<byte> payload, out Memory<byte> document)
    {
        document = payload;
        return true;
    }

    public void Dispose()
    {
    }
}
