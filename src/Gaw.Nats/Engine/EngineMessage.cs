using System.Buffers;

namespace Gaw.Nats.Engine;

/// <summary>A message as the engine delivers it.</summary>
/// <param name="subject">Where it was sent.</param>
/// <param name="replyTo">Where its reply goes.</param>
/// <param name="isNoResponders">It is the engine's own: nobody listens to what was sent with this reply subject.</param>
/// <param name="payload">Belongs to the reading loop: gone after the return.</param>
internal readonly ref struct EngineMessage(string subject, string? replyTo, bool isNoResponders, ReadOnlySequence<byte> payload)
{
    public string Subject { get; } = subject;

    public string? ReplyTo { get; } = replyTo;

    public bool IsNoResponders { get; } = isNoResponders;

    public ReadOnlySequence<byte> Payload { get; } = payload;
}
