using System.Security.Authentication;
using Gaw.Carriers;
using Gaw.Nats.Engine;
using Gaw.Nats.Wire;
using Gaw.PostOffice.Server.Draining;
using Gaw.Scheduling;

namespace Gaw.Nats.Server;

/// <summary>A server on an engine: one worker of each of its services.</summary>
internal sealed class NatsListener : ServerListener
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly Worker _worker;
    private readonly NatsDrain _drain;
    private readonly StopOnce _stop;
    private readonly ServiceNotices? _notices;

    /// <summary>What is no longer listened to as soon as the worker stops.</summary>
    private readonly List<MessageSubscription> _calls = [];
    private readonly HashSet<string> _services = new(StringComparer.Ordinal);

    /// <summary>What of the services is listened to.</summary>
    private readonly HashSet<string> _subjects = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _subscribing = new(1);
    private WorkerControl? _control;

    /// <summary>Written when the listener has started; pairs with the read of those that add a service, which then listen themselves.</summary>
    private volatile bool _isListening;

    /// <summary>The exchange pairs with itself: of several that dispose it, one has the keys kept.</summary>
    private int _keepsKeys;

    /// <param name="worker">The worker.</param>
    /// <param name="describesItself">Whoever asks the engine for services is told of it.</param>
    public NatsListener(Worker worker, bool describesItself)
    {
        _worker = worker;
        _drain = new NatsDrain(worker);
        _stop = new StopOnce(_gate, () => _control is null ? Task.CompletedTask : _drain.RunAsync([.. _calls]), _drain.Hurry);
        _notices = describesItself ? new ServiceNotices(worker) : null;
        worker.Link.OnChanged = OnEngineChanged;
    }

    /// <inheritdoc/>
    public override string Address => _worker.Link.Address;

    /// <inheritdoc/>
    public override long ReceivedCount => _worker.Requests.ReceivedCount;

    /// <inheritdoc/>
    public override int RunningCount => Math.Max(0, _worker.Requests.Running.Count - _worker.Intake.WaitingCount);

    /// <summary>What waits is in the queue of the server's places, which all listeners share.</summary>
    public override int QueuedCount => 0;

    /// <inheritdoc/>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await ConnectAsync(cancellationToken).ConfigureAwait(false);
        _control = new WorkerControl(_worker);
        await _worker.Link.SubscribeAsync(_worker.Subjects.Worker(_worker.Name), group: null, _control.ReceiveForOne, cancellationToken).ConfigureAwait(false);
        await _worker.Link.SubscribeAsync(_worker.Subjects.AllOf(NatsSubjects.SelfService), group: null, _control.ReceiveForAll, cancellationToken).ConfigureAwait(false);
        if (!_worker.IsBridge)
        {
            await SubscribeAsync(_worker.Subjects.AnyWorker, NatsSubjects.Group, _worker.Intake.ReceiveQuestion, cancellationToken).ConfigureAwait(false);
        }

        if (_notices is not null)
        {
            await SubscribeAsync(ServiceNotices.Subject, group: null, _notices.Receive, cancellationToken).ConfigureAwait(false);
        }

        // Pairs with the order in ServeFurther: what is added from here on is either seen below or served there.
        _isListening = true;
        await ServeAsync(cancellationToken).ConfigureAwait(false);
        _worker.Log.Listening(Address, _worker.Name, _services.Count);
    }

    /// <summary>Services were added.</summary>
    public void ServeFurther()
    {
        if (_isListening)
        {
            ServeFurtherAsync().Forget();
        }
    }

    /// <inheritdoc/>
    public override Task StopAsync(CancellationToken cancellationToken) => Task.WhenAny(_stop.Begin(cancellationToken), _drain.OthersDone);

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        // Before the first wait: a call of this worker may be what disposes it, and its reply is sealed after that.
        if (Interlocked.Exchange(ref _keepsKeys, 1) == 0)
        {
            _worker.PostOffice.KeepKeysUntil(WhenCallsHaveEndedAsync(_stop.Begin(CancellationToken.None)));
        }

        return _stop.DisposeAsync(StopAsync(CancellationToken.None), EndAsync);
    }

    /// <summary>The stop itself waits for the calls, and has to be over: one at a time may.</summary>
    private async Task WhenCallsHaveEndedAsync(Task stopped)
    {
        await stopped.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _worker.Requests.Running.WhenNoneAsync().ConfigureAwait(false);
    }

    private async Task EndAsync()
    {
        _control?.Dispose();
        await _worker.Link.DisposeAsync().ConfigureAwait(false);
    }

    private async Task ConnectAsync(CancellationToken cancellationToken)
    {
        TimeSpan pause = FirstPause;
        for (bool hasSaid = false; ; hasSaid = true)
        {
            try
            {
                await _worker.Link.ConnectAsync(cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (GawConnectionException e) when (e.InnerException is not AuthenticationException)
            {
                if (!hasSaid)
                {
                    _worker.Log.Waiting(e.Message);
                }
            }

            await Task.Delay(pause, cancellationToken).ConfigureAwait(false);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    private async Task ServeFurtherAsync()
    {
        try
        {
            await ServeAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            _worker.Log.CannotServeFurther(Address, e);
        }
    }

    /// <summary>Listens to the services that it did not listen to yet; when it returns, the engine knows.</summary>
    private async Task ServeAsync(CancellationToken cancellationToken)
    {
        await _subscribing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            bool isNew = false;
            foreach (string service in _worker.GetPaths().Select(static path => NatsSubjects.Split(path).Service).Distinct())
            {
                if (_worker.PostOffice.IsStopping)
                {
                    return;
                }

                isNew |= await TrySubscribeAsync(service, cancellationToken).ConfigureAwait(false);
                _services.Add(service);
            }

            if (isNew)
            {
                await _worker.Link.PingAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            _subscribing.Release();
        }
    }

    /// <summary>Listens to the subjects of a service that it does not listen to yet: an attempt before may have come to some of them.</summary>
    /// <returns>There were some.</returns>
    private async Task<bool> TrySubscribeAsync(string service, CancellationToken cancellationToken)
    {
        bool isNew = await TrySubscribeAsync(
            _worker.Subjects.AllOf(service), subject => _worker.Link.SubscribeAsync(subject, group: null, _control!.ReceiveForAll, cancellationToken)).ConfigureAwait(false);
        if (!_worker.IsBridge)
        {
            isNew |= await TryTakeCallsAsync(_worker.Subjects.Describe(service), _worker.Intake.ReceiveQuestion).ConfigureAwait(false);

            // Before the calls, since a worker that answers there says that it takes streams.
            isNew |= await TryTakeCallsAsync(_worker.Subjects.CallsWithStreams(service), _worker.Intake.ReceiveCall).ConfigureAwait(false);
        }

        return isNew | await TryTakeCallsAsync(_worker.Subjects.Calls(service), _worker.Intake.ReceiveCall).ConfigureAwait(false);

        Task<bool> TryTakeCallsAsync(string subject, MessageReceiver receive) => TrySubscribeAsync(subject, calls => SubscribeAsync(calls, NatsSubjects.Group, receive, cancellationToken));
    }

    /// <summary>Subscribes to a subject, unless that was done.</summary>
    private async Task<bool> TrySubscribeAsync(string subject, Func<string, Task> subscribe)
    {
        if (_subjects.Contains(subject))
        {
            return false;
        }

        await subscribe(subject).ConfigureAwait(false);
        return _subjects.Add(subject);
    }

    private async Task SubscribeAsync(string subject, string? group, MessageReceiver receive, CancellationToken cancellationToken)
    {
        MessageSubscription subscription = await _worker.Link.SubscribeAsync(subject, group, receive, cancellationToken).ConfigureAwait(false);
        lock (_gate)
        {
            _calls.Add(subscription);
        }
    }

    private void OnEngineChanged(bool isOpen)
    {
        if (!isOpen)
        {
            _worker.Outbox.OnEngineLost();
            _worker.Log.EngineLost(Address);
        }
        else if (_control is not null)
        {
            _worker.Log.EngineFound(Address);
            ServeFurther();
        }
    }
}
