using Gaw.Json;
using Gaw.PostOffice.Framing;

namespace Gaw.PostOffice.Client;

/// <summary>Asks a multiplexing server to stop calls that were given up.</summary>
/// <param name="context">The connection.</param>
/// <param name="requests">Its output.</param>
internal sealed class CancellationSender(ConnectionContext context, RequestQueue requests)
{
    /// <summary>Queues the message. As any other request: where many are given up at once, their cancellations are more than the system takes without blocking.</summary>
    public void Send(PendingCall call)
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
