using Gaw.Json;
using Gaw.Shared;

namespace Gaw.PostOffice.Server;

/// <summary>A message for the plain delegate that a <see cref="PostOfficeServer"/> used alone is given.</summary>
internal sealed class DelegateMessage : InboundMessage
{
    private readonly Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask<ReadOnlyMemory<byte>>> _handler;
    private readonly byte[] _message;
    private readonly ReplyChannel _channel;

    private DelegateMessage(Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask<ReadOnlyMemory<byte>>> handler, byte[] message, ReplyChannel channel)
    {
        _handler = handler;
        _message = message;
        _channel = channel;
        InOrder = true;
    }

    public override ReplyChannel Channel => _channel;

    public static MessageHandler Adapt(Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask<ReadOnlyMemory<byte>>> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return (message, channel) => new DelegateMessage(handler, message.ToArray(), channel);
    }

    public override async ValueTask ProcessAsync()
    {
        try
        {
            ReadOnlyMemory<byte> reply = await ForeignTask.Guard(_handler(_message, _channel.GetLostToken(inOrder: true))).ConfigureAwait(false);
            JsonWriter writer = _channel.Begin();
            writer.Append(reply.Span);
            _channel.End(writer, inOrder: true);
        }
        catch (Exception e)
        {
            _channel.ReplyError(ErrorInfo.Of(e, withTrace: false));
        }
    }

    public override void Abandon(ErrorInfo reason) => _channel.ReplyError(reason);
}
