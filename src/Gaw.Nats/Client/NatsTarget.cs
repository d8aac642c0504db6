using System.Collections.Concurrent;
using Gaw.Nats.Wire;

namespace Gaw.Nats.Client;

/// <summary>Where a client's calls go: by their path to any worker of the service, or, for what workers say of themselves, to one that was chosen.</summary>
/// <param name="subjects">The subjects.</param>
internal class NatsTarget(NatsSubjects subjects)
{
    private readonly ConcurrentDictionary<string, CallSubject> _byPath = new(StringComparer.Ordinal);

    public NatsSubjects Subjects => subjects;

    public CallSubject Get(string path) => _byPath.TryGetValue(path, out CallSubject? known) ? known : _byPath.GetOrAdd(path, Create(path));

    protected virtual CallSubject Create(string path)
    {
        (string service, _) = NatsSubjects.Split(path);
        return new CallSubject(subjects.Call(path), subjects.AllOf(service), service) { WithStreams = subjects.CallWithStreams(path) };
    }
}

/// <summary>One worker by name: it tells of itself there, and takes no other calls.</summary>
internal sealed class WorkerTarget(NatsSubjects subjects, string worker) : NatsTarget(subjects)
{
    protected override CallSubject Create(string path) => new(Subjects.Worker(worker), Subjects.Worker(worker), $"the worker {worker}");
}

/// <summary>Any worker of one service, for what it says of itself; calls go by their path.</summary>
internal sealed class ServiceTarget(NatsSubjects subjects, string service) : NatsTarget(subjects)
{
    protected override CallSubject Create(string path) => NatsSubjects.Split(path).Service == NatsSubjects.SelfService
        ? new CallSubject(Subjects.Describe(service), Subjects.AllOf(service), service)
        : base.Create(path);
}
