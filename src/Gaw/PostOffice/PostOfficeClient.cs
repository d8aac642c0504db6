using System.Net;
using Gaw.Logging;
using Gaw.PostOffice.Client;
using Gaw.Scheduling;
using Gaw.Shared;

namespace Gaw.PostOffice;

/// <summary>
/// A client of messages over TCP: sends a JSON document in a frame, gets the JSON document of the reply. The lowest of Gaw's layers that can
/// be used alone; <c>GawClient</c> is what most programs want. Thread-safe; messages are answered in the order they were sent.
/// </summary>
public sealed class PostOfficeClient : IDisposable, IAsyncDisposable
{
    private readonly Lock _order = new();
    private readonly PostOfficeClientOptions _options;
    private readonly CallIds _ids;

    /// <summary>Connects with the first message.</summary>
    /// <param name="host">The server's IPv4 or IPv6 address, or its name.</param>
    /// <param name="port">The server's TCP port, 1 to 65535.</param>
    /// <param name="options">Limits and times.</param>
    public PostOfficeClient(string host, int port, PostOfficeClientOptions? options = null)
        : this(host, port, options ?? new PostOfficeClientOptions(), "Gaw.PostOffice")
    {
    }

    internal PostOfficeClient(string host, int port, PostOfficeClientOptions options, string logCategory, Action<CallRoute, TimeSpan>? probe = null)
    {
        _options = options;
        _ids = new CallIds(options.TimeProvider);
        Carrier = new TcpCarrier(host, port, options, replyId: null, _ids, SafeLogger.Create(options.LoggerFactory, logCategory)) { Probe = probe };
    }

    /// <summary>The server's address as it was given.</summary>
    public EndPoint EndPoint => Carrier.EndPoint;

    internal TcpCarrier Carrier { get; }

    /// <summary>Sends a message and waits for its reply.</summary>
    /// <param name="message">A JSON document, UTF-8.</param>
    /// <returns>The reply's JSON document, UTF-8.</returns>
    /// <exception cref="GawConnectionException">The server was not reached, or the connection was lost before the reply came.</exception>
    /// <exception cref="GawRemoteException">The server could not read the message.</exception>
    /// <exception cref="TimeoutException">No reply came within <see cref="PostOfficeClientOptions.CallTimeout"/>.</exception>
    public byte[] Send(ReadOnlyMemory<byte> message)
    {
        MessageCall call = new(synchronous: true, _options.CallTimeout);
        Task sending = SendOnAsync(call, message, CancellationToken.None);
        using (BlockingWait.Enter())
        {
            sending.GetAwaiter().GetResult();
        }

        call.Wait(mayRead: true);
        return call.GetReply();
    }

    /// <inheritdoc cref="Send"/>
    public async Task<byte[]> SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        MessageCall call = new(synchronous: false, _options.CallTimeout);
        await SendOnAsync(call, message, cancellationToken).ConfigureAwait(false);
        using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(
            (_, token) => call.Abandon(new OperationCanceledException(token)), null);
        return await call.Reply.ConfigureAwait(false);
    }

    /// <summary>Closes the connections and clears the keys; calls that are open fail with a <see cref="GawConnectionException"/>.</summary>
    public void Dispose() => Carrier.Dispose();

    /// <inheritdoc cref="Dispose"/>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return default;
    }

    private async Task SendOnAsync(MessageCall call, ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        Deadline connecting = new(_options.ConnectTimeout);
        call.Began = _options.TimeProvider.GetTimestamp();
        for (bool opened = false; ;)
        {
            call.SentAt = _options.TimeProvider.GetTimestamp();
            Json.JsonWriter writer = Carrier.RentWriter();
            writer.Append(message.Span);
            lock (_order)
            {
                // Replies carry no id here: the order of the keys has to be that of the frames.
                _ids.Next(out int key);
                call.Key = key;
                if (Carrier.TrySend(call, writer) is not null)
                {
                    return;
                }
            }

            RequestCarrier.ReturnWriter(writer);
            opened = await Carrier.WaitForCapacityAsync(call, opened, connecting.Rest, cancellationToken).ConfigureAwait(false);
        }
    }
}
