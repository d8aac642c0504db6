using System.Security.Authentication;
using Gaw.Scheduling;
using NATS.Client.Core;

namespace Gaw.Nats.Engine;

/// <summary>A connection to the engine: the few things that are asked of NATS.Net, each bounded in time. Connects again by itself, with its subscriptions.</summary>
internal sealed class NatsLink : IAsyncDisposable
{
    /// <summary>What the engine takes where it has not said anything yet.</summary>
    private const int DefaultMaxPayloadBytes = 1024 * 1024;

    private static readonly TimeSpan DisposeTime = TimeSpan.FromSeconds(5);

    /// <summary>After the engine was away, clients are not all there as soon as this program is: each looks for the engine once a second at least.</summary>
    private static readonly TimeSpan ReturnTime = TimeSpan.FromSeconds(1.5);

    private readonly NatsConnection _connection;
    private readonly Lock _gate = new();

    /// <summary>NATS.Net holds subscriptions weakly: one that nobody else holds is gone after the next large garbage collection.</summary>
    private readonly List<MessageSubscription> _subscriptions = [];

    /// <summary>
    /// Each is written as the engine's client says that a connection was made or lost; pairs with the reads
    /// of those that listen and of requests. An old figure is one of a moment before.
    /// </summary>
    private volatile int _epoch;
    private volatile int _connections;
    private long _openedAt;

    public NatsLink(NatsOpts options, string address)
    {
        Address = address;
        InboxPrefix = $"{options.InboxPrefix}.gaw.{Guid.NewGuid():N}.";
        _connection = new NatsConnection(options);
        _connection.ConnectionOpened += (_, _) => Tell(isOpen: true);
        _connection.ConnectionDisconnected += (_, _) => Tell(isOpen: false);
    }

    /// <summary>For messages: without user and password.</summary>
    public string Address { get; }

    /// <summary>Where replies to this program come, with the point at its end.</summary>
    public string InboxPrefix { get; }

    /// <summary>Counts the connections that were lost.</summary>
    public int Epoch => _epoch;

    public bool IsOpen => _connection.ConnectionState == NatsConnectionState.Open;

    /// <summary>The largest message that the engine takes.</summary>
    public int MaxPayloadBytes => _connection.ServerInfo?.MaxPayload is > 0 and int most ? most : DefaultMaxPayloadBytes;

    /// <summary>Is told of each connection that was made, and of each that was lost.</summary>
    public Action<bool>? OnChanged { get; set; }

    /// <summary>Connects, or waits for the connection to be there again.</summary>
    /// <exception cref="GawConnectionException">The engine cannot be reached, or takes nobody of this name.</exception>
    public async Task ConnectAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Background.RunApart(() => _connection.ConnectAsync().AsTask()).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is NatsException or ObjectDisposedException)
        {
            throw Explain(e);
        }
    }

    /// <summary>Sends a message. Its bytes must not change until the task is done. Never throws: a failure is the task's.</summary>
    public ValueTask PublishAsync(string subject, ReadOnlyMemory<byte> payload, string? replyTo = null, CancellationToken cancellationToken = default)
    {
        try
        {
            return _connection.PublishAsync(subject, payload, headers: null, replyTo, PayloadSerializer.Instance, opts: null, cancellationToken);
        }
        catch (Exception e)
        {
            return ValueTask.FromException(e);
        }
    }

    /// <summary>Listens to a subject, also after the connection was lost and made again.</summary>
    public async Task<MessageSubscription> SubscribeAsync(string subject, string? group, MessageReceiver receive, CancellationToken cancellationToken)
    {
        MessageSubscription subscription = new(_connection, subject, group, receive);
        lock (_gate)
        {
            _subscriptions.Add(subscription);
        }

        try
        {
            await _connection.AddSubAsync(subscription, cancellationToken).ConfigureAwait(false);
            return subscription;
        }
        catch
        {
            lock (_gate)
            {
                _subscriptions.Remove(subscription);
            }

            throw;
        }
    }

    /// <summary>All that was sent before has reached the engine, and all that it had sent before has come.</summary>
    /// <exception cref="OperationCanceledException">The time is over.</exception>
    public async Task PingAsync(CancellationToken cancellationToken) => await _connection.PingAsync(cancellationToken).AsTask().WaitAsync(cancellationToken).ConfigureAwait(false);

    /// <summary>Takes no further messages of these subscriptions; those that are under way still come.</summary>
    public static async Task DrainAsync(IEnumerable<MessageSubscription> subscriptions, CancellationToken cancellationToken) =>
        await Task.WhenAll(subscriptions.Select(subscription => subscription.DrainAsync(cancellationToken).AsTask())).WaitAsync(cancellationToken).ConfigureAwait(false);

    /// <summary>Closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await _connection.DisposeAsync().AsTask().WaitAsync(DisposeTime).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // Nothing is left to be done with a connection that does not close well; the process has no other use of it.
        }

        lock (_gate)
        {
            _subscriptions.Clear();
        }
    }

    /// <summary>Waits until those who were connected before the engine was away have had time to come back. What is sent to them earlier is lost.</summary>
    public async Task WhenOthersAreBackAsync(CancellationToken cancellationToken)
    {
        bool wasOpen = IsOpen;
        await ConnectAsync(cancellationToken).ConfigureAwait(false);

        // The news of a connection comes a little later than the connection.
        bool isKnown = wasOpen && _connections > _epoch;
        TimeSpan rest = isKnown ? ReturnTime - TimeSpan.FromMilliseconds(Environment.TickCount64 - Interlocked.Read(ref _openedAt)) : ReturnTime;
        if (rest > TimeSpan.Zero)
        {
            await Task.Delay(rest, cancellationToken).ConfigureAwait(false);
        }
    }

    private ValueTask Tell(bool isOpen)
    {
        if (isOpen)
        {
            Interlocked.Exchange(ref _openedAt, Environment.TickCount64);
            Interlocked.Increment(ref _connections);
        }
        else
        {
            Interlocked.Increment(ref _epoch);
        }

        OnChanged?.Invoke(isOpen);
        return default;
    }

    private GawConnectionException Explain(Exception e)
    {
        for (Exception? cause = e; cause is not null; cause = cause.InnerException)
        {
            if (cause is NatsServerException { IsAuthError: true })
            {
                return new GawConnectionException(
                    $"The engine at {Address} refuses the user or password, or wants one. Write nats://user:password@host:port, or set credentials with UseNats on the options.", null, CallExecution.NotRun, new AuthenticationException(cause.Message, e));
            }
        }

        // NATS.Net says no more than that it was none of the addresses, or that the time was over.
        return new GawConnectionException(
            $"The engine at {Address} was not reached: nothing there answers as an engine does ({e.GetBaseException().Message}). Start nats-server there, or mend the address.", null, CallExecution.NotRun, e);
    }
}
