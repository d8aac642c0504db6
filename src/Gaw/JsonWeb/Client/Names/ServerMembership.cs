using System.Net;
using Gaw.JsonWeb.Client.Servers;
using Gaw.PostOffice;
using Gaw.PostOffice.Addresses;

namespace Gaw.JsonWeb.Client.Names;

/// <summary>
/// Keeps the servers of a client as its names say: asks for the names as <see cref="LookUpSchedule"/> says, and lets calls follow. A server that is gone takes no
/// further calls, and those that are open there end as they do. What is known against a server stays known while its
/// address comes back. A client without calls for a minute asks no more until the next one.
/// </summary>
internal sealed class ServerMembership : IDisposable
{
    private static readonly TimeSpan IdleAfter = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly IReadOnlyList<ServerAddress> _addresses;
    private readonly TcpCarrierFactory _carriers;
    private readonly NameCarrier _waiting;
    private readonly ServerRoster _roster;
    private readonly LookUpSchedule _schedule;
    private readonly LookUpLog _log;
    private readonly TaskCompletionSource _disposed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Action<ServerEntry[]> _publish = static _ => { };
    private Task? _lookUp;

    public ServerMembership(IReadOnlyList<ServerAddress> addresses, TcpCarrierFactory carriers)
    {
        _addresses = addresses;
        _carriers = carriers;
        _log = new LookUpLog(addresses, carriers.Logger);
        _roster = new ServerRoster(carriers);
        _schedule = new LookUpSchedule(carriers.Options.TimeProvider, Tick);
        EndPoint = AddressEndPoint.Of(addresses[0]);

        // What the options cannot do is said where the client is made, as with a list.
        carriers.Options.CreateProtector(carriers.Options.Secret).Dispose();
        _waiting = new NameCarrier(EndPoint, carriers.Options.MaxFrameBytes, WaitAsync);
    }

    public EndPoint EndPoint { get; }

    private TimeProvider Time => _carriers.Options.TimeProvider;

    /// <param name="publish">Is told whenever other servers take calls.</param>
    /// <returns>What takes calls until then.</returns>
    public ServerEntry[] Begin(Action<ServerEntry[]> publish)
    {
        _publish = publish;
        return [new ServerEntry(_waiting)];
    }

    /// <summary>A server could not be connected: its name may say something else by now.</summary>
    public void AskSoon()
    {
        lock (_gate)
        {
            if (_lookUp is null)
            {
                _schedule.Hasten();
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed.TrySetResult();
            _schedule.Stop();
            _roster.Dispose();
        }
    }

    /// <summary>A call waits for the servers.</summary>
    private async Task WaitAsync(PendingCall call, TimeSpan connectTime, CancellationToken cancellationToken)
    {
        NamePatience patience = new(call.GetRest(Time, Time.GetTimestamp()), connectTime, _roster.IsEmpty);
        try
        {
            await Task.WhenAny(Refresh(), _disposed.Task).WaitAsync(patience.Limit, Time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException e)
        {
            if (_roster.IsEmpty)
            {
                throw patience.Explain(_log.Names, call.Path, EndPoint, e);
            }
        }

        lock (_gate)
        {
            ThrowIfDisposed();
            if (_roster.IsEmpty)
            {
                throw new GawConnectionException($"There is no server at {_log.Names}: {_log.Problem}. Is the name spelled like this?", EndPoint, CallExecution.NotRun);
            }

            _publish(_roster.Entries);
        }
    }

    /// <summary>Begins a look-up, unless one is under way.</summary>
    private Task Refresh()
    {
        lock (_gate)
        {
            ThrowIfDisposed();
            _schedule.GoOn();
            if (_lookUp is null)
            {
                _schedule.Begin();
                _lookUp = LookUpAsync();
            }

            return _lookUp;
        }
    }

    private void Tick()
    {
        lock (_gate)
        {
            if (_disposed.Task.IsCompleted)
            {
                return;
            }

            if (_roster.IsIdle(IdleAfter))
            {
                // The next call asks.
                _schedule.Stop();
                _publish([new ServerEntry(_waiting)]);
                return;
            }

            Refresh();
        }
    }

    private async Task LookUpAsync()
    {
        // Never on the thread that begins it: that one holds the gate, and is about to say that a look-up is under way.
        IReadOnlyDictionary<ServerAddress, NameAnswer> answers =
            await NameLookUp.AskAsync([.. _addresses.Where(static address => address.Scheme == ServerAddress.Dns)], _carriers.Options.LookUp).ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        lock (_gate)
        {
            _lookUp = null;
            if (_disposed.Task.IsCompleted)
            {
                return;
            }

            _log.Note(answers);
            if (_roster.Update(NameAnswers.Merge(_addresses, _roster.Servers, answers)))
            {
                _publish(_roster.Entries);
                _log.Changed(_roster.Entries);
            }
        }
    }

    private void ThrowIfDisposed()
    {
        if (_disposed.Task.IsCompleted)
        {
            throw new ObjectDisposedException(null, "The client was disposed.");
        }
    }
}
