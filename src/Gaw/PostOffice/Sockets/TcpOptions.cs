using System.Net.Sockets;

namespace Gaw.PostOffice.Sockets;

/// <summary>What a socket is told, and asked, beyond sending and receiving. Some of it the framework has no name for, and only Linux knows.</summary>
internal static class TcpOptions
{
    private const int TcpProtocol = 6;
    private const int TcpQuickAck = 12;
    private const int TcpUserTimeout = 18;
    private const int TcpInfo = 11;
    private const byte TcpClose = 7;
    private const byte TcpCloseWait = 8;

    /// <summary>A peer that is gone without a word is noticed after these: 60 seconds of silence, then six questions, ten seconds apart.</summary>
    private const int KeepAliveSeconds = 60;
    private const int KeepAliveIntervalSeconds = 10;
    private const int KeepAliveQuestions = 6;

    /// <summary>What every connection is given: no delay, and an end where the peer is gone without a word.</summary>
    public static void Apply(Socket socket)
    {
        socket.NoDelay = true;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, KeepAliveSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, KeepAliveIntervalSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, KeepAliveQuestions);
        EndWhereNothingIsAcknowledged(socket);
    }

    /// <summary>Acknowledges what came without the usual delay.</summary>
    /// <returns><see langword="false"/>: the system refuses it, now and later.</returns>
    public static bool TryAcknowledgeNow(Socket socket)
    {
        try
        {
            ReadOnlySpan<byte> on = [1, 0, 0, 0];
            socket.SetRawSocketOption(TcpProtocol, TcpQuickAck, on);
            return true;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }

    /// <inheritdoc cref="Transport.GetPeerState"/>
    public static PeerState GetPeerState(Socket socket)
    {
        try
        {
            if (OperatingSystem.IsLinux())
            {
                // The first byte of struct tcp_info is the connection's state.
                Span<byte> info = stackalloc byte[1];
                socket.GetRawSocketOption(TcpProtocol, TcpInfo, info);
                return info[0] switch
                {
                    TcpClose => PeerState.Lost,
                    TcpCloseWait => PeerState.Finished,
                    _ => PeerState.Open,
                };
            }

            return socket.Poll(0, SelectMode.SelectError) ? PeerState.Lost : PeerState.Open;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return PeerState.Open;
        }
    }

    /// <summary>
    /// As much as a socket that says it can be written takes without waiting: on Linux a third of its buffer is free then, on Windows any size is
    /// copied, elsewhere the low-water mark is 2 KiB.
    /// </summary>
    public static int GetUnblockedSlice(Socket socket) =>
        OperatingSystem.IsLinux() ? Math.Clamp(socket.SendBufferSize / 8, 2048, 128 * 1024) : OperatingSystem.IsWindows() ? 64 * 1024 : 2048;

    /// <summary>
    /// Keep-alive asks nothing while bytes are on their way that the peer has not acknowledged, and the kernel repeats those for a quarter of an hour.
    /// On Linux the connection ends after the time in which keep-alive would have noticed; elsewhere nothing happens.
    /// </summary>
    private static void EndWhereNothingIsAcknowledged(Socket socket)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        try
        {
            Span<byte> milliseconds = stackalloc byte[sizeof(int)];
            BitConverter.TryWriteBytes(milliseconds, 1000 * (KeepAliveSeconds + (KeepAliveIntervalSeconds * KeepAliveQuestions)));
            socket.SetRawSocketOption(TcpProtocol, TcpUserTimeout, milliseconds);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // A kernel without the option: the connection is as good as it was.
        }
    }
}
