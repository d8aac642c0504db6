using System.Buffers;

namespace Gaw.Nats.Server;

/// <summary>A reply, as it was sent.</summary>
/// <param name="Subject">Where.</param>
/// <param name="Buffer">Rented; holds the message.</param>
/// <param name="Length">Of the message.</param>
/// <param name="SentAt">When, as a time stamp.</param>
internal readonly record struct RecentReply(string Subject, byte[] Buffer, int Length, long SentAt)
{
    public ReadOnlyMemory<byte> Payload => Buffer.AsMemory(0, Length);

    public void Return() => ArrayPool<byte>.Shared.Return(Buffer);
}
