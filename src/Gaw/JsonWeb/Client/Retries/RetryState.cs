using System.Security.Authentication;
using Gaw.JsonWeb.Client.Servers;
using Gaw.JsonWeb.ReplyCaching;
using Gaw.JsonWeb.Streams.Sending;
using Gaw.PostOffice;

namespace Gaw.JsonWeb.Client.Retries;

/// <summary>What is known of the attempts of one call that have failed; made with the first failure.</summary>
internal sealed class RetryState(JsonWebClientOptions options, ServerPicker servers, long began, TimeSpan timeout, bool idempotent)
{
    private RetryPolicy _policy = new(options, began, timeout);
    private Failover _failover;
    private GawConnectionException? _mayHaveRun;
    private GawConnectionException? _last;

    /// <summary>The server that the next attempt has to go to, since it keeps the reply; <see langword="null"/>: any.</summary>
    public RequestCarrier? Server { get; private set; }

    /// <summary>What the next attempt has to carry, being the question for the reply of an earlier one; <see langword="null"/>: it is a call as the first.</summary>
    public (byte[] IdPrefix, int Key, ReplyCacheKey Keep)? Kept { get; private set; }

    /// <summary>When an attempt that may have run was lost, as a time stamp; <see langword="null"/>: none was.</summary>
    public long? LastSent => _policy.LastSent == 0 ? null : _policy.LastSent;

    /// <summary>So many servers behind the address had no place for the call.</summary>
    public int Refusals => _failover.Refusals;

    /// <summary>The call's arguments that are streams; <see langword="null"/>: none is.</summary>
    public ArgumentStreams? Streams { get; set; }

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

    /// <inheritdoc cref="CallFailure.Explain"/>
    public Exception? Conclude(Exception last) =>
        new CallFailure(_mayHaveRun, asked: Kept is not null, wantsKeptReplies: !idempotent && options.RetryWhen == RetryWhen.KeptReplies).Explain(last);

    private bool MayGoElsewhere(GawConnectionException failure, RequestCarrier server) =>
        _failover.Decide(failure) ?? (servers.Failed(server) && Server is null && _failover.TryAnother(servers.Count));
}
