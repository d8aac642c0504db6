namespace Gaw.PostOffice.Server.Draining;

/// <summary>What a connection of a stopping server has to do next. Each transition is asked for once.</summary>
internal enum DrainAction
{
    /// <summary>Nothing, for now.</summary>
    None,

    /// <summary>Requests that arrive from now on came after the stop: they are rejected as not run.</summary>
    RejectNew,

    /// <summary>Shut the socket's receiving side: a receive that waits comes back.</summary>
    EndReceiving,

    /// <summary>Read nothing more; finish the running calls and close.</summary>
    Finish,
}
