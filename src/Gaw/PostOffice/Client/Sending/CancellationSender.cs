using Gaw.Json;
using Gaw.PostOffice.Framing;

namespace Gaw.PostOffice.Client.Sending;

/// <summary>Asks a multiplexing server to stop calls that were given up.</summary>
/// <param name="context">The connection.</param>
/// <param name="requests">Its output.</param>
internal sealed class CancellationSender(ConnectionContext context, RequestQueue requests)
{
    /// <summary>A multiplexing server is told to stop an abandoned call. With another, the connection would be blocked until the reply comes that nobody wants.</summary>
    /// <param name="call">The call.</param>
    /// <param name="isOver">Its time is over, which the server knows by its own clock, if it is there at all.</param>
    /// <returns><see langword="false"/>: the connection is to be closed.</returns>
    public bool TryTell(PendingCall call, bool isOver)
    {
        bool isMultiplexed = context.State.Mode == ServerMode.Multiplexed;
        if (context.Calls.OpenCount == 0 && (!isMultiplexed || context.State.IsRetired))
        {
            return false;
        }

        if (isMultiplexed && !isOver)
        {
            Send(call);
        }

        return true;
    }

    /// <summary>Queues the message. As any other request: where many are given up at once, their cancellations are more than the system takes without blocking.</summary>
    private void Send(PendingCall call)
    {
        JsonWriter writer = MessageWriter.Rent(context.Options.MaxFrameBytes);
        if (!call.TryWriteCancellation(writer, out int key))
        {
            MessageWriter.Return(writer);
            return;
        }

        FramePosition position = new();
        position.Reset(writer.Length);
        lock (context.Gate)
        {
            context.Calls.AddAbandoned(key, position);
        }

        requests.Post(writer, position);
        requests.FlushElsewhere();
    }
}
