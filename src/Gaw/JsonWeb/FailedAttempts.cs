using System.Security.Authentication;
using Gaw.PostOffice;

namespace Gaw.JsonWeb;

/// <summary>What is known of the attempts of one call that have failed; made with the first failure.</summary>
internal sealed class FailedAttempts(JsonWebClientOptions options, ServerSet servers, long began, bool idempotent)
{
    private RetryPolicy _policy = new(options, began);
    private GawConnectionException? _mayHaveRun;

    /// <summary>The server that the next attempt has to go to, since it keeps the reply; <see langword="null"/>: any.</summary>
    public PostOfficeClient? Server { get; private set; }

    /// <summary>The id that the next attempt has to have; <see langword="null"/>: a new one.</summary>
    public (byte[] Prefix, int Key, long Server)? Kept { get; private set; }

    /// <summary>Takes note of a failure, and says how long to wait before the next attempt. <see langword="false"/>: there is none.</summary>
    public bool TryGoOn(GawConnectionException failure, OutboundCall call, long? keeper, PostOfficeClient server, out TimeSpan pause)
    {
        pause = TimeSpan.Zero;
        if (failure.Execution != CallExecution.NotRun)
        {
            _mayHaveRun = failure;
            if (Kept is null && keeper is { } name && !idempotent)
            {
                Kept = (call.IdPrefix, call.Key, name);
                Server = server;
            }
        }

        // Who does not trust the other's certificate now will not in a second either.
        if (failure.InnerException is AuthenticationException
            || !_policy.TryGetPause(failure, idempotent || options.RetryWhen == RetryWhen.AnyFailure || Kept is not null, out pause))
        {
            return false;
        }

        if (failure.Execution == CallExecution.NotRun && servers.Failed(server) && Server is null)
        {
            pause = TimeSpan.Zero;
        }

        return true;
    }

    /// <summary>What the call fails with, where the last attempt's failure does not say all; otherwise <see langword="null"/>.</summary>
    public GawConnectionException? Conclude(Exception last) => (last, _mayHaveRun) switch
    {
        (_, null) => null,
        (GawConnectionException { Execution: CallExecution.NotRun } e, _) =>
            new GawConnectionException($"{e.Message} Before that: {_mayHaveRun.Message}", _mayHaveRun.EndPoint, _mayHaveRun.Execution, e),
        (GawRemoteException e, _) when Kept is not null && IsNotKept(e) =>
            new GawConnectionException($"{_mayHaveRun.Message} The server was asked for its reply, and does not have it: {e.RemoteMessage}.", _mayHaveRun.EndPoint, _mayHaveRun.Execution, _mayHaveRun),
        _ => null,
    };

    /// <summary>A server that keeps replies says so by name; any other, also an original one, that the reserved path does not exist.</summary>
    private static bool IsNotKept(GawRemoteException e) =>
        e.RemoteName == RepeatedRequest.NotKept || (e.RemoteName == "KeyError" && e.RemoteMessage.Contains(CallTarget.Repeat.Path, StringComparison.Ordinal));
}
