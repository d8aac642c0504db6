using System.Runtime.ExceptionServices;
using Gaw.JsonWeb.Client.Retries;
using Gaw.JsonWeb.Client.Servers;
using Gaw.PostOffice;
using Gaw.Telemetry;
using Microsoft.Extensions.Logging;

namespace Gaw.JsonWeb.Client;

/// <summary>What comes after an attempt that failed: another one, or the end of the call. Nothing of it is on the way of a call that succeeds.</summary>
/// <param name="options">The client's.</param>
/// <param name="servers">Which servers there are, and which of them rest.</param>
/// <param name="lifetime">The client's end.</param>
/// <param name="logger">The client's.</param>
internal sealed class CallRetries(JsonWebClientOptions options, ServerPicker servers, ClientLifetime lifetime, ILogger logger)
{
    /// <summary>Before a further attempt: where the client was disposed meanwhile, or the pause has outlasted the deadline, the call ends with what is known of it.</summary>
    public void BeginNext(ref AttemptState attempt)
    {
        if (lifetime.IsDisposed)
        {
            throw attempt.Failed!.ConcludeDisposed();
        }

        attempt.Now = options.TimeProvider.GetTimestamp();
        attempt.Failed!.ThrowIfOver(attempt.Now);
    }

    /// <summary>How long to wait after a failed attempt. Where no other is to come, throws what the call ends with.</summary>
    public TimeSpan GetPauseOrThrow(Exception error, OutgoingCall call, CallOptions? wanted, ref AttemptState attempt)
    {
        RequestCarrier server = attempt.Server;

        // What the caller's own stream has thrown says nothing of the server, though it may have called another one.
        bool isOwn = call.Streams?.Failure is { } own && own == error;
        if (!isOwn && ((error is TimeoutException && call.MetSilence) || error is GawProtocolException || error.InnerException is GawProtocolException))
        {
            // One from which not a byte came meanwhile, or none that is Gaw's, rests as one that cannot be connected.
            servers.Failed(server);
        }

        // Met while connecting: the call itself has not left.
        bool mayGoOn = call.Streams is not { HasBegun: true };
        if (error is GawProtocolException stranger && !call.IsDone && mayGoOn)
        {
            RetryState failed = attempt.Failed ??= Begin(call, wanted);
            failed.Streams = call.Streams;
            if (failed.TryGoElsewhere(stranger, server))
            {
                TellTryingAgain(call, TimeSpan.Zero, failed, stranger);
                return TimeSpan.Zero;
            }
        }

        error = isOwn ? error : GetOwn(AttemptFailure.Of(error, call, server.EndPoint, wasQuestion: attempt.Failed?.Kept is not null), call);
        if (error is GawConnectionException failure && mayGoOn)
        {
            RetryState failed = attempt.Failed ??= Begin(call, wanted);
            failed.Streams = call.Streams;
            if (failed.TryGoOn(failure, call, call.Keep, server, out TimeSpan pause))
            {
                TellTryingAgain(call, pause, failed, failure);
                return pause;
            }
        }

        CallSender.HandOut(call.ResponseMetadata, wanted);
        ExceptionDispatchInfo.Throw(attempt.Failed?.Conclude(error) ?? error);
        throw error;
    }

    private RetryState Begin(OutgoingCall call, CallOptions? wanted) => new(options, servers, call.Began, call.Timeout, wanted is { Idempotent: true });

    private void TellTryingAgain(OutgoingCall call, TimeSpan pause, RetryState failed, Exception failure)
    {
        logger.TryingAgain(call.Path, pause, failure);
        if (options.IsMeasured)
        {
            ClientSpan.AttemptFailed(call.Path, failed.Attempts, failure);
        }
    }

    /// <summary>The exception that the caller's own stream has thrown, in place of what the server made of it.</summary>
    private static Exception GetOwn(Exception error, OutgoingCall call) => error is GawRemoteException && call.Streams?.Failure is { } own ? own : error;
}
