using Gaw.JsonWeb.Client.Servers;
using Gaw.PostOffice;

namespace Gaw.JsonWeb.Client.Retries;

/// <summary>How far the attempts of one call are: where it goes, and what has failed before. A local of the loop that makes them, so that a call that succeeds at once costs nothing.</summary>
/// <param name="began">When the caller made the call, as a time stamp of the client's clock.</param>
internal struct AttemptState(long began)
{
    /// <summary>When the attempt begins, as a time stamp of the client's clock.</summary>
    public long Now = began;

    /// <summary>What is known of the attempts that have failed; <see langword="null"/>: none has.</summary>
    public RetryState? Failed;

    /// <summary>The server that is asked.</summary>
    public RequestCarrier Server = null!;

    /// <summary>A connection to it was opened for the call.</summary>
    public bool WasOpened;

    /// <summary>The attempt has to go to this server, since it keeps the reply.</summary>
    public readonly bool IsBound => Failed?.Server is not null;

    /// <summary>Begins an attempt.</summary>
    public void Choose(ServerPicker servers)
    {
        Server = Failed?.Server ?? servers.Choose();
        WasOpened = false;
    }

    /// <summary>The exception ends the attempt, and another may follow. Any other ends the call.</summary>
    public readonly bool IsFailure(Exception exception) =>
        exception is GawException or TimeoutException || (exception is ObjectDisposedException && Failed is not null);

    /// <summary>What an attempt has failed with that threw an exception for which <see cref="IsFailure"/> holds.</summary>
    /// <exception cref="GawConnectionException">The client was disposed between the pause and the attempt: the call ends with what is known of it.</exception>
    public readonly Exception GetError(Exception thrown) => thrown is ObjectDisposedException ? throw Failed!.ConcludeDisposed() : thrown;
}
