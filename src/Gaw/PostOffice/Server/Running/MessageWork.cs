using System.Net;
using Gaw.Scheduling;
using Microsoft.Extensions.Logging;

namespace Gaw.PostOffice.Server.Running;

/// <summary>The work of messages: it begins on the thread that calls, may end on another, and its reply leaves then.</summary>
/// <param name="log">The server's.</param>
/// <param name="peer">The peer, for the log.</param>
/// <param name="replies">Where replies go.</param>
/// <param name="ending">Ends the messages.</param>
internal sealed class MessageWork(ILogger log, EndPoint? peer, ReplyQueue replies, MessageEnding ending)
{
    public void Begin(InboundMessage message)
    {
        ValueTask processing = MessageInvoker.Start(message);
        if (processing.IsCompletedSuccessfully)
        {
            ending.Complete(message);
        }
        else
        {
            CompleteLaterAsync(processing, message).Forget();
        }

        ForeignCode.Leave();
    }

    private async Task CompleteLaterAsync(ValueTask processing, InboundMessage message)
    {
        try
        {
            await processing.ConfigureAwait(false);
        }
        catch (Exception e)
        {
            log.HandlerFailed(peer, e);
        }

        ending.Complete(message);
        await replies.FlushAsync().ConfigureAwait(false);
    }
}
