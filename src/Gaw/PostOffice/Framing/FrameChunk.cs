using System.Globalization;

namespace Gaw.PostOffice.Framing;

/// <summary>A run of bytes in a pooled array.</summary>
internal readonly record struct FrameChunk(byte[] Array, int Start, int Length)
{
    public int Free => Array.Length - Start - Length;

    public ReadOnlyMemory<byte> Bytes => Array.AsMemory(Start, Length);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Length} bytes");
}
