using System.Buffers;
using NATS.Client.Core;

namespace Gaw.Nats.Engine;

/// <summary>
/// Gives each message to a receiver on the loop that reads from the engine. The subscriptions of NATS.Net put them into a channel of bounded size and drop the newest without a word, or stall the
/// connection until the engine cuts it. NATS.Net itself holds a subscription weakly: <see cref="NatsLink"/> has it in a field.
/// </summary>
internal sealed class MessageSubscription(INatsConnection connection, string subject, string? group, MessageReceiver receive)
    : NatsSubBase(connection, connection.SubscriptionManager, subject, group, opts: null)
{
    protected override ValueTask ReceiveInternalAsync(string subject, string? replyTo, ReadOnlySequence<byte>? headersBuffer, ReadOnlySequence<byte> payloadBuffer) =>
        receive(new EngineMessage(subject, replyTo, payloadBuffer.IsEmpty && IsNoResponders(headersBuffer), payloadBuffer));

    protected override void TryComplete()
    {
    }

    /// <summary>The engine's answer to a message that nobody listens to: <c>NATS/1.0 503</c> and no payload.</summary>
    private static bool IsNoResponders(ReadOnlySequence<byte>? headers)
    {
        if (headers is not { Length: >= 12 } given)
        {
            return false;
        }

        Span<byte> status = stackalloc byte[12];
        given.Slice(0, 12).CopyTo(status);
        return status.StartsWith("NATS/1.0 503"u8);
    }
}
