using Gaw.JsonWeb.Client.Retries;
using Gaw.JsonWeb.Envelopes;
using Gaw.JsonWeb.Streams.Receiving;
using Gaw.Serialization.Streams;

namespace Gaw.JsonWeb.Client;

internal sealed partial class CallSender
{
    /// <summary>Makes a call whose result comes in parts, past the filters, and waits for the first of them. Until then it is tried again as any call is, afterwards never.</summary>
    /// <param name="target">What is called.</param>
    /// <param name="converter">Reads the items.</param>
    /// <param name="arguments">The arguments.</param>
    /// <param name="options">What the call wants different from the client's options.</param>
    /// <param name="began">When the caller asked for the first item.</param>
    /// <param name="cancellationToken">Ends the call until this has returned.</param>
    /// <returns>The call: items are there, or it has ended.</returns>
    public async ValueTask<StreamCall<T>> OpenAsync<T, TArguments>(
        CallTarget target, ItemsConverter<T> converter, TArguments arguments, CallOptions? options, long began, CancellationToken cancellationToken)
        where TArguments : ICallArguments
    {
        cancellationToken.ThrowIfCancellationRequested();
        AttemptState attempt = new(began);
        while (true)
        {
            attempt.Choose(_servers);
            StreamTerms terms = _attempts.GetTerms(attempt.Server, options);
            StreamCall<T> call = _attempts.Create(target, converter, options, began, terms);
            Exception? error;
            try
            {
                call.SentAt = attempt.Now;
                while (!_attempts.TrySend(attempt.Server, call, arguments, options, attempt.Failed, terms.Wish))
                {
                    (attempt.Server, attempt.WasOpened) = await _wait.WaitAsync(attempt, call, cancellationToken).ConfigureAwait(false);
                    call.SentAt = _options.TimeProvider.GetTimestamp();
                }

                using (Watch(call, cancellationToken))
                {
                    await call.WhenMoreAsync().ConfigureAwait(false);
                }

                if (call.HasItems || call.Error is null)
                {
                    return call;
                }

                error = call.Error;
            }
            catch (Exception e) when (attempt.IsFailure(e))
            {
                error = attempt.GetError(e);
            }

            TimeSpan pause = _retries.GetPauseOrThrow(error, call, options, ref attempt);
            await _lifetime.PauseAsync(pause, cancellationToken).ConfigureAwait(false);
            _retries.BeginNext(ref attempt);
        }
    }
}
