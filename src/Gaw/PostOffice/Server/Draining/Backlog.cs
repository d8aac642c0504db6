namespace Gaw.PostOffice.Server.Draining;

/// <summary>What is left of the bytes that the system had received when the stop began.</summary>
internal enum Backlog
{
    /// <summary>Some may be left. So says every thread but the loop, which alone can tell.</summary>
    Left,

    /// <summary>The socket is empty; TLS may still hold some.</summary>
    SocketEmpty,

    /// <summary>The loop has received as many bytes since.</summary>
    Read,
}
