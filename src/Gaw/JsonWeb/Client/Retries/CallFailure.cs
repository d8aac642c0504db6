using Gaw.JsonWeb.Envelopes;
using Gaw.JsonWeb.ReplyCaching;

namespace Gaw.JsonWeb.Client.Retries;

/// <summary>What a call fails with that had several attempts: what the last one says, and what is known of those before. Pure.</summary>
/// <param name="mayHaveRun">The attempt that may have run; <see langword="null"/>: none has.</param>
/// <param name="asked">A server was asked for the reply of that attempt.</param>
/// <param name="wantsKeptReplies">The call is sent again only where the server keeps its reply.</param>
internal readonly struct CallFailure(GawConnectionException? mayHaveRun, bool asked, bool wantsKeptReplies)
{
    /// <summary>What the call fails with, where the last attempt's failure does not say all; otherwise <see langword="null"/>.</summary>
    public Exception? Explain(Exception last) => (last, mayHaveRun) switch
    {
        (_, null) => null,
        (GawConnectionException e, _) when e != mayHaveRun && (asked || e.Execution != mayHaveRun.Execution) =>
            Join(e, mayHaveRun),
        (GawRemoteException e, _) when asked && IsNotKept(e) => NoReply(mayHaveRun, e.RemoteMessage),
        (CannotAskException e, _) => NoReply(mayHaveRun, e.Message),
        (TimeoutException e, _) => Join(e, mayHaveRun),
        (GawProtocolException e, _) => Join(e, mayHaveRun),
        (GawConnectionException e, _) when !asked && wantsKeptReplies => new GawConnectionException(
            $"{e.Message} It was not sent again in spite of RetryWhen.KeptReplies: no server is known to keep its reply. Set KeepReplies there; a Python server has no such thing.", e.EndPoint, e.Execution, e),
        _ => null,
    };

    /// <summary>The failure of an attempt that has not run, or has met a stranger, of a call that may have run before.</summary>
    public static GawConnectionException Join(GawException last, GawConnectionException mayHaveRun) =>
        new($"{last.Message} Before that: {mayHaveRun.Message}", mayHaveRun.EndPoint, mayHaveRun.Execution, last);

    /// <summary>
    /// The deadline has passed during an attempt of a call that may have run before:
    /// <see cref="Exception.InnerException"/> says so by its <see cref="GawConnectionException.Execution"/>.
    /// </summary>
    public static TimeoutException Join(TimeoutException last, GawConnectionException mayHaveRun) =>
        new($"{last.Message} It had been sent before: {mayHaveRun.Message}", mayHaveRun);

    private static GawConnectionException NoReply(GawConnectionException lost, string reason) =>
        new($"{lost.Message} The server was asked for its reply, in vain: {reason}", lost.EndPoint, lost.Execution, lost);

    /// <summary>A server that keeps replies says so by name; any other, also an original one, that the reserved path does not exist.</summary>
    private static bool IsNotKept(GawRemoteException e) =>
        e.RemoteName is ReplyCacheKey.NotKept or "ReplayError" || (e.RemoteName == "KeyError" && e.RemoteMessage.Contains(CallTarget.Repeat.Path, StringComparison.Ordinal));
}
