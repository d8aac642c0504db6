using Gaw.Json;
using Gaw.JsonWeb.Client.Retries;
using Gaw.Nats.Client;
using Gaw.Nats.Engine;
using Gaw.PostOffice;
using Gaw.PostOffice.Addresses;
using Gaw.Shared;

namespace Gaw.Nats.Bridging;

/// <summary>The client's half of a bridge: sends the documents of requests to workers as they are. What has not run is tried again, within <c>ConnectTimeout</c>.</summary>
internal sealed class NatsDocumentClient : IDisposable
{
    private readonly GawClientOptions _options;
    private readonly CallIds _ids;
    private readonly NatsCarrier _carrier;

    /// <param name="address">Of the engine, <c>nats://…</c>.</param>
    /// <param name="options">Limits, times and the secret.</param>
    public NatsDocumentClient(string address, GawClientOptions options)
    {
        _options = options;
        _ids = new CallIds(options.TimeProvider);
        NatsSettings settings = NatsSettings.Read(AddressParser.Parse([address], nameof(address)));
        _carrier = new NatsCarrier(settings, new NatsTarget(settings.Subjects), options, _ids);
    }

    /// <summary>Connects before there is a call, to learn whether it can.</summary>
    /// <exception cref="GawConnectionException">The engine is away, which may pass, or refuses the login, which does not: the
    /// cause is an <see cref="System.Security.Authentication.AuthenticationException"/>.</exception>
    public Task ConnectAsync(CancellationToken cancellationToken) => _carrier.Open().WaitAsync(cancellationToken);

    /// <summary>Sends a request and waits for its reply.</summary>
    /// <param name="path">The path in it, which says where it goes.</param>
    /// <param name="document">The request's document.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="GawConnectionException">Nobody serves it, the engine is away, or the reply was lost.</exception>
    public async Task<byte[]> SendAsync(string path, ReadOnlyMemory<byte> document, CancellationToken cancellationToken)
    {
        long began = _options.TimeProvider.GetTimestamp();
        RetryPolicy policy = new(_options, began, _options.CallTimeout);
        int refusals = 0;
        while (true)
        {
            try
            {
                return await SendOnceAsync(path, document, began, refusals, cancellationToken).ConfigureAwait(false);
            }
            catch (GawConnectionException e) when (e.HasWaited)
            {
                refusals = 0;
            }
            catch (GawConnectionException e) when (e.WasFull && refusals < Failover.MostRefusals)
            {
                refusals++;
            }
            catch (GawConnectionException e) when (policy.TryGetPause(e, mayBeSentAgain: false, out TimeSpan pause))
            {
                await Task.Delay(pause, _options.TimeProvider, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    public void Dispose() => _carrier.Dispose();

    private async Task<byte[]> SendOnceAsync(string path, ReadOnlyMemory<byte> document, long began, int refusals, CancellationToken cancellationToken)
    {
        DocumentCall call = new(path, _options.CallTimeout) { Began = began, Refusals = refusals };
        _ids.Next(out int key);
        call.Key = key;
        for (bool opened = false; ;)
        {
            call.SentAt = _options.TimeProvider.GetTimestamp();
            JsonWriter writer = _carrier.RentWriter();
            bool isSent = false;
            try
            {
                writer.Append(document.Span);
                isSent = _carrier.TrySend(call, writer) is not null;
            }
            finally
            {
                if (!isSent)
                {
                    RequestCarrier.ReturnWriter(writer);
                }
            }

            if (isSent)
            {
                break;
            }

            opened = await _carrier.WaitForCapacityAsync(call, opened, _options.ConnectTimeout, cancellationToken).ConfigureAwait(false);
        }

        using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister((_, token) => call.Abandon(new OperationCanceledException(token)), null);
        return await call.Reply.ConfigureAwait(false);
    }
}
