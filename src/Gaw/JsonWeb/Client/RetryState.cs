using System.Security.Authentication;
using Gaw.JsonWeb.Client.Servers;
using Gaw.JsonWeb.Envelopes;
using Gaw.JsonWeb.ReplyCaching;
using Gaw.PostOffice;

namespace Gaw.JsonWeb.Client;

/// <summary>What is known of the attempts of one call that have failed; made with the first failure.</summary>
internal sealed class RetryState(JsonWebClientOptions options, ServerPicker servers, long began, TimeSpan timeout, bool idempotent)
{
    /// <summary>So many full servers are passed by at once; after more of them the call pauses.</summary>
    public const int MostRefusals = 3;

    /// <summary>So often in one call a server is named anew at once; more is no load balancer's doing.</summary>
    private const int MostMisdirected = 8;

    private RetryPolicy _policy = new(options, began, timeout);
    private GawConnectionException? _mayHaveRun;
    private GawConnectionException? _last;
    private bool _wasStale;
    private int _serversLeft;
    private int _misdirected;

    /// <summary>The server that the next attempt has to go to, since it keeps the reply; <see langword="null"/>: any.</summary>
    public RequestCarrier? Server { get; private set; }

    /// <summary>What the next attempt has to carry, being the question for the reply of an earlier one; <see langword="null"/>: it is a call as the first.</summary>
    public (byte[] IdPrefix, int Key, ReplyCacheKey Keep)? Kept { get; private set; }

    /// <summary>When an attempt that may have run was lost, as a time stamp; <see langword="null"/>: none was.</summary>
    public long? LastSent => _policy.LastSent == 0 ? null : _policy.LastSent;

    /// <summary>So many servers behind the address had no place for the call.</summary>
    public int Refusals { get; private set; }

    /// <summary>How many attempts have failed.</summary>
    public int Attempts { get; private set; }

    /// <summary>Takes note of a failure, and says how long to wait before the next attempt. <see langword="false"/>: there is none.</summary>
    public bool TryGoOn(GawConnectionException failure, PendingCall call, ReplyCacheKey? keep, RequestCarrier server, out TimeSpan pause)
    {
        pause = TimeSpan.Zero;
        Attempts++;
        _last = failure;

        // What becomes of a question says nothing of the call itself.
        if (failure.Execution != CallExecution.NotRun && Kept is null)
        {
            _mayHaveRun = _mayHaveRun is { Execution: CallExecution.Ran } ? _mayHaveRun : failure;
            if (keep is not null)
            {
                Kept = (call.IdPrefix, call.Key, keep.Value);
                Server = server;
            }
        }

        if (failure.Execution == CallExecution.NotRun && MayGoElsewhere(failure, server))
        {
            return true;
        }

        // Who does not trust the other's certificate now will not in a second either.
        if (failure.InnerException is AuthenticationException
            || !_policy.TryGetPause(failure, idempotent || options.RetryWhen == RetryWhen.AnyFailure || Kept is not null, out pause))
        {
            return false;
        }

        return true;
    }

    /// <summary>What answers at the server cannot be talked to, so a call was not sent there. <see langword="true"/>: it goes to another server at once.</summary>
    public bool TryGoElsewhere(GawProtocolException failure, RequestCarrier server)
    {
        Attempts++;
        _last = new GawConnectionException($"{failure.Message} The call was not sent.", server.EndPoint, CallExecution.NotRun, failure);
        return MayGoElsewhere(_last, server);
    }

    /// <summary>No time is left for another attempt: the call ends with what is known of those that it had.</summary>
    /// <param name="now">A time stamp of the client's clock.</param>
    public void ThrowIfOver(long now)
    {
        if (_policy.IsOver(now))
        {
            throw Conclude(_last!) ?? _last!;
        }
    }

    /// <summary>What the call fails with whose client is disposed before it is tried again.</summary>
    public GawConnectionException ConcludeDisposed()
    {
        GawConnectionException known = Conclude(_last!) as GawConnectionException ?? _last!;
        return new GawConnectionException($"The client was disposed before the call was tried again. {known.Message}", known.EndPoint, known.Execution, known);
    }

    /// <summary>What the call fails with, where the last attempt's failure does not say all; otherwise <see langword="null"/>.</summary>
    public Exception? Conclude(Exception last) => (last, _mayHaveRun) switch
    {
        (_, null) => null,
        (GawConnectionException e, _) when e != _mayHaveRun && (Kept is not null || e.Execution != _mayHaveRun.Execution) =>
            Join(e, _mayHaveRun),
        (GawRemoteException e, _) when Kept is not null && IsNotKept(e) => NoReply(_mayHaveRun, e.RemoteMessage),
        (CannotAskException e, _) => NoReply(_mayHaveRun, e.Message),
        (TimeoutException e, _) => Join(e, _mayHaveRun),
        (GawProtocolException e, _) => Join(e, _mayHaveRun),
        (GawConnectionException e, _) when Kept is null && !idempotent && options.RetryWhen == RetryWhen.KeptReplies => new GawConnectionException(
            $"{e.Message} It was not sent again in spite of RetryWhen.KeptReplies: no server is known to keep its reply. Set KeepReplies there; a Python server has no such thing.", e.EndPoint, e.Execution, e),
        _ => null,
    };

    /// <summary>The failure of an attempt that has not run, or has met a stranger, of a call that may have run before.</summary>
    public static GawConnectionException Join(GawException last, GawConnectionException mayHaveRun) =>
        new($"{last.Message} Before that: {mayHaveRun.Message}", mayHaveRun.EndPoint, mayHaveRun.Execution, last);

    /// <summary>The deadline has passed during an attempt of a call that may have run before: <see cref="Exception.InnerException"/> says so by its <see cref="GawConnectionException.Execution"/>.</summary>
    public static TimeoutException Join(TimeoutException last, GawConnectionException mayHaveRun) =>
        new($"{last.Message} It had been sent before: {mayHaveRun.Message}", mayHaveRun);

    /// <summary>
    /// Another connection, or another server, is no further attempt on the one that has failed, and no business of <c>Retries</c>: at once where a connection had
    /// grown stale, once in a call, and where another server is left that is not known to have failed, each once in a call. So is a server that was not named, and has
    /// said its identity, and another of several where one was full: it takes a round of them and a wait until one is asked again.
    /// </summary>
    private bool MayGoElsewhere(GawConnectionException failure, RequestCarrier server)
    {
        if (failure.WasStale)
        {
            bool isFirst = !_wasStale;
            _wasStale = true;
            return isFirst;
        }

        if (failure.WasMisdirected)
        {
            return ++_misdirected <= MostMisdirected;
        }

        if (failure.HasWaited)
        {
            Refusals = 0;
            return true;
        }

        if (failure.WasFull)
        {
            return ++Refusals <= MostRefusals;
        }

        return servers.Failed(server) && Server is null && ++_serversLeft < servers.Count;
    }

    private static GawConnectionException NoReply(GawConnectionException lost, string reason) =>
        new($"{lost.Message} The server was asked for its reply, in vain: {reason}", lost.EndPoint, lost.Execution, lost);

    /// <summary>A server that keeps replies says so by name; any other, also an original one, that the reserved path does not exist.</summary>
    private static bool IsNotKept(GawRemoteException e) =>
        e.RemoteName is ReplyCacheKey.NotKept or "ReplayError" || (e.RemoteName == "KeyError" && e.RemoteMessage.Contains(CallTarget.Repeat.Path, StringComparison.Ordinal));

    /// <summary>The question for a reply cannot be written: it is a little longer than the call, and above a limit.</summary>
    internal sealed class CannotAskException(GawSerializationException reason) : GawException(reason.Message, reason);
}
