using Gaw.PostOffice.Client.Reading;

namespace Gaw.PostOffice.Client;

/// <summary>Looks at a connection before it gets a call: what has happened to it while nobody read. Used under the gate of the connection.</summary>
internal sealed class IdleCheck(ConnectionContext context, ReplyStream stream, ConnectionReader reader, ConnectionClock clock)
{
    /// <summary>The connection takes a call.</summary>
    /// <param name="now">A time stamp of the client's clock.</param>
    /// <param name="ended">Why the connection is to end; <see langword="null"/>: it is not.</param>
    public bool IsUsable(long now, out Exception? ended)
    {
        ended = null;

        // While a call is open, or a reply may come that nobody waits for any more, bytes to be read say nothing.
        if (!context.State.TakesCalls || context.Calls.Count > 0)
        {
            return context.State.TakesCalls;
        }

        if (clock.IsIdle(now))
        {
            ended = new IOException("The connection was idle for ConnectionLifetime.");
            return false;
        }

        // A multiplexed server says that it stops before it closes. Others may close behind each reply, so they are looked at each time.
        if (context.State.Mode == ServerMode.Multiplexed && clock.IsBusy(now))
        {
            return true;
        }

        try
        {
            if (!stream.IsReadable || reader.TryReadUnasked())
            {
                return true;
            }

            ended = new IOException("The server closed the connection while it was idle.");
        }
        catch (GawException e)
        {
            ended = e;
        }

        return false;
    }
}
