using Gaw.Nats.Wire;

namespace Gaw.Nats.Client;

/// <summary>
/// Watches the open calls of a client: which are overdue, whom to ask whether they still run, and which are lost.
/// Questions are batched: one message for all calls of a worker, one for all calls of a service
/// that nobody has owned up to. Pure: it is told the time and what has come, and says what to send and what to end. Under the route's gate.
/// </summary>
internal sealed class CallWatch
{
    /// <summary>A worker that lacks a call twice has lost it: its reply did not leave, or not arrive.</summary>
    private const int MostMissed = 2;

    /// <summary>Calls in flight end as lost where the engine stays away for so long.</summary>
    public static readonly TimeSpan LongestAbsence = TimeSpan.FromSeconds(5);

    private readonly Dictionary<int, OpenCall> _open = [];
    private readonly Dictionary<string, KnownWorker> _workers = new(StringComparer.Ordinal);
    private TimeSpan? _awaySince;
    private int _questions;

    public int Count => _open.Count;

    public IEnumerable<OpenCall> All => _open.Values;

    /// <summary>A call is sent. <see langword="false"/>: its key is taken.</summary>
    public bool TryAdd(OpenCall call) => _open.TryAdd(call.Key, call);

    /// <summary>The call with this key, which ends now; <see langword="null"/>: there is none.</summary>
    public OpenCall? Take(int key)
    {
        if (!_open.Remove(key, out OpenCall? call))
        {
            return null;
        }

        if (call.Worker is { } worker && worker.Calls.Remove(key) && worker.Calls.Count == 0)
        {
            _workers.Remove(worker.Name);
        }

        return call;
    }

    /// <summary>The call with this key, if it is this one.</summary>
    public OpenCall? Find(int key) => _open.GetValueOrDefault(key);

    /// <summary>The engine is away, or there again.</summary>
    public void EngineChanged(bool isOpen, TimeSpan now)
    {
        if (!isOpen)
        {
            _awaySince ??= now;
            return;
        }

        _awaySince = null;
        foreach (OpenCall call in _open.Values)
        {
            call.Suspicion = Suspicion.AfterAbsence(now);
        }

        foreach (KnownWorker worker in _workers.Values)
        {
            worker.Suspicion = Suspicion.AfterAbsence(now);
        }
    }

    /// <summary>A worker has said which calls it has.</summary>
    /// <param name="name">The worker.</param>
    /// <param name="keys">Its calls, or some of them.</param>
    /// <param name="question">The question that it answers; 0: none.</param>
    /// <param name="now">The time.</param>
    /// <returns>The calls that it was asked for and does not have, again and again: they are lost.</returns>
    public List<OpenCall> Heard(string name, IEnumerable<int> keys, int question, TimeSpan now)
    {
        KnownWorker worker = _workers.TryGetValue(name, out KnownWorker? known) ? known : new KnownWorker(name, now);
        worker.Suspicion = Suspicion.AfterSign(now);
        HashSet<int> named = [.. keys];
        foreach (int key in named)
        {
            if (_open.TryGetValue(key, out OpenCall? call))
            {
                Disown(call, worker);
                call.Worker = worker;
                call.Missed = 0;
                worker.Calls[key] = call;
            }
        }

        List<OpenCall> lost = question > 0 && worker.Question == question ? FindMissing(worker, named, now) : [];
        if (worker.Calls.Count > 0)
        {
            _workers[name] = worker;
        }

        return lost;
    }

    /// <summary>Nobody listens to what was said of a call, or to the call itself.</summary>
    /// <returns>It has not run, and ends now; <see langword="null"/>: there is none, or a worker has had it, so that worker is asked at once. Its last reply may be here already, or it comes back with the engine.</returns>
    public OpenCall? MeetNobody(int key, TimeSpan now)
    {
        if (!_open.TryGetValue(key, out OpenCall? call))
        {
            return null;
        }

        if (call.Worker is { } worker)
        {
            worker.Suspicion.Hurry(now);
            return null;
        }

        if (call.Call.HasParts || call.HasUnread)
        {
            call.Suspicion.Hurry(now);
            return null;
        }

        return Take(key);
    }

    /// <summary>What is to be done now.</summary>
    public CallWatchResult Look(TimeSpan now)
    {
        CallWatchResult result = new();
        bool isGivenUp = _awaySince is { } since && now - since >= LongestAbsence;
        Dictionary<string, List<int>> unowned = new(StringComparer.Ordinal);
        foreach (OpenCall call in _open.Values)
        {
            if (now >= call.Deadline)
            {
                result.Overdue.Add(call);
            }
            else if (isGivenUp)
            {
                Lose(call, result);
            }
            else if (call.Worker is null && _awaySince is null)
            {
                LookAt(call, now, unowned, result);
            }
        }

        foreach ((string everybody, List<int> keys) in unowned)
        {
            result.Questions.AddRange(keys.Chunk(ControlMessage.MaxKeys).Select(some => new Question(everybody, ++_questions, some)));
        }

        if (_awaySince is null)
        {
            LookAtWorkers(now, result);
        }

        result.Overdue.ForEach(call => Take(call.Key));
        result.Lost.ForEach(call => Take(call.Key));
        return result;
    }

    /// <summary>Another worker has the call than was thought.</summary>
    private void Disown(OpenCall call, KnownWorker owner)
    {
        if (call.Worker is { } before && before != owner && before.Calls.Remove(call.Key) && before.Calls.Count == 0)
        {
            _workers.Remove(before.Name);
        }
    }

    /// <summary>What has come of a call is read first: its end may be there already.</summary>
    private static void Lose(OpenCall call, CallWatchResult result)
    {
        if (!call.HasUnread)
        {
            result.Lost.Add(call);
        }
    }

    private static void LookAt(OpenCall call, TimeSpan now, Dictionary<string, List<int>> unowned, CallWatchResult result)
    {
        switch (call.Suspicion.Look(now))
        {
            case SuspicionStep.GiveUp:
                Lose(call, result);
                break;
            case SuspicionStep.Ask:
                if (!unowned.TryGetValue(call.Target.Everybody, out List<int>? keys))
                {
                    unowned.Add(call.Target.Everybody, keys = []);
                }

                keys.Add(call.Key);
                break;
        }
    }

    private void LookAtWorkers(TimeSpan now, CallWatchResult result)
    {
        foreach (KnownWorker worker in _workers.Values)
        {
            switch (worker.Suspicion.Look(now))
            {
                case SuspicionStep.GiveUp:
                    foreach (OpenCall call in worker.Calls.Values.Where(call => now < call.Deadline))
                    {
                        Lose(call, result);
                    }

                    break;
                case SuspicionStep.Ask:
                    worker.Question = ++_questions;
                    worker.Asked = [.. worker.Calls.Keys.Take(ControlMessage.MaxKeys)];
                    result.Questions.Add(new Question(null, worker.Question, worker.Asked) { Worker = worker.Name });
                    break;
            }
        }
    }

    /// <summary>A reply leaves before the worker forgets its call, and takes the same way as the notice: what is missing here has lost its reply. One is forgiven.</summary>
    private List<OpenCall> FindMissing(KnownWorker worker, HashSet<int> named, TimeSpan now)
    {
        List<OpenCall> lost = [];
        foreach (int key in worker.Asked)
        {
            if (!named.Contains(key) && worker.Calls.TryGetValue(key, out OpenCall? call) && !call.HasUnread)
            {
                worker.Suspicion = Suspicion.AfterAbsence(now);
                if (++call.Missed >= MostMissed)
                {
                    lost.Add(call);
                }
            }
        }

        lost.ForEach(call => Take(call.Key));
        return lost;
    }
}
