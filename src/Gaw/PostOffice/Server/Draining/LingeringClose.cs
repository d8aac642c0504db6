using Gaw.PostOffice.Sockets;
using Gaw.Shared;

namespace Gaw.PostOffice.Server.Draining;

/// <summary>Closes a connection whose peer is told the reason. A close with bytes unread would throw the reason away, so what still arrives is discarded for a moment.</summary>
/// <param name="reason">For the peer.</param>
/// <param name="isUnserved">The connection was over <see cref="PostOfficeServerOptions.MaxConnections"/>: nothing of it was read.</param>
internal sealed class LingeringClose(ErrorInfo reason, bool isUnserved)
{
    /// <summary>How long a refused peer may go on sending before the connection is closed.</summary>
    private static readonly TimeSpan LingerTime = TimeSpan.FromSeconds(1);

    public ErrorInfo Reason => reason;

    /// <inheritdoc cref="LingeringClose" path="/param[@name='isUnserved']"/>
    public bool IsUnserved => isUnserved;

    /// <summary>Sends the reason and waits for the peer to close.</summary>
    /// <param name="transport">The connection, which is shut afterwards.</param>
    /// <param name="replies">What goes out on it.</param>
    /// <param name="replied">Requests that came before are answered before.</param>
    /// <param name="options">The clock, and the largest frame.</param>
    public async ValueTask CloseAsync(Transport transport, ReplyQueue replies, Task replied, PostOfficeServerOptions options)
    {
        await replied.ConfigureAwait(false);
        replies.Post(reason);
        await replies.FlushAsync().ConfigureAwait(false);
        await replies.WhenIdleAsync().ConfigureAwait(false);
        transport.ShutdownSend();
        using CancellationTokenSource linger = new(LingerTime, options.TimeProvider);
        using CancellationTokenRegistration cut = linger.Token.UnsafeRegister(static shut => ((Transport)shut!).Shutdown(), transport);
        byte[] discarded = new byte[4096];
        long left = 64L * options.MaxFrameBytes;
        while (left > 0 && await transport.ReceiveAsync(discarded).ConfigureAwait(false) is > 0 and int count)
        {
            left -= count;
        }
    }
}
