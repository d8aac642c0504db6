using Gaw.Json;
using Gaw.PostOffice.Replies;

namespace Gaw.PostOffice.Server;

/// <summary>A message for the plain delegate that a <see cref="PostOfficeServer"/> used alone is given.</summary>
internal sealed class DelegateMessage : InboundMessage
{
    private readonly Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask<ReadOnlyMemory<byte>>> _handler;
    private readonly byte[] _message;
    private readonly ServerConnection _connection;

    private DelegateMessage(Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask<ReadOnlyMemory<byte>>> handler, byte[] message, ServerConnection connection)
    {
        _handler = handler;
        _message = message;
        _connection = connection;
        InOrder = true;
    }

    public override ServerConnection Connection => _connection;

    public static MessageHandler Adapt(Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask<ReadOnlyMemory<byte>>> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return (message, connection) => new DelegateMessage(handler, message.ToArray(), connection);
    }

    public override async ValueTask ProcessAsync()
    {
        try
        {
            ReadOnlyMemory<byte> answer = await _handler(_message, _connection.GetLostToken(inOrder: true)).ConfigureAwait(false);
            JsonWriter writer = _connection.Replies.Begin();
            writer.Append(answer.Span);
            _connection.Replies.End(writer, inOrder: true);
        }
        catch (Exception e)
        {
            _connection.ReplyFailure(new ErrorFrame(e.GetType().Name, Describe(e)));
        }
    }

    public override void Abandon(ErrorFrame reason) => _connection.ReplyFailure(reason);

    /// <summary>The text of an exception is the handler's own code, which may fail itself.</summary>
    private static string Describe(Exception exception)
    {
        try
        {
            return exception.Message ?? "";
        }
        catch (Exception e)
        {
            return $"(the text of the exception could not be made: {e.GetType().Name})";
        }
    }
}
