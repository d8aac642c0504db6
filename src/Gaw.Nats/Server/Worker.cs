using Gaw.Nats.Engine;
using Gaw.Nats.Server.Requests;
using Gaw.Nats.Wire;
using Gaw.PostOffice;
using Gaw.PostOffice.Replies;
using Gaw.Scheduling;
using Microsoft.Extensions.Logging;

namespace Gaw.Nats.Server;

/// <summary>What all parts of one worker share.</summary>
internal sealed class Worker
{
    private readonly LazyCancellation _cutOff;

    /// <param name="postOffice">Gives the options and the handler.</param>
    /// <param name="link">The engine.</param>
    /// <param name="subjects">Where it listens.</param>
    public Worker(PostOfficeServer postOffice, NatsLink link, NatsSubjects subjects)
    {
        PostOffice = postOffice;
        Link = link;
        Subjects = subjects;
        _cutOff = new LazyCancellation(Log);
        Started = postOffice.Options.TimeProvider.GetUtcNow();
        Requests = new RequestTable(postOffice.Options.TimeProvider);
        Outbox = new Outbox(link, postOffice.Options.TimeProvider, Log);
        Intake = new RequestIntake(this);
    }

    public DateTimeOffset Started { get; }

    /// <summary>The worker's own name, new with each start.</summary>
    public string Name { get; } = Guid.NewGuid().ToString("N");

    public PostOfficeServer PostOffice { get; }

    public NatsLink Link { get; }

    public NatsSubjects Subjects { get; }

    public ILogger Log => PostOffice.Logger;

    /// <summary>It passes documents on, and serves nothing itself: it says nothing of itself, and looks into the documents to see that their path belongs to the subject.</summary>
    public bool IsBridge { get; init; }

    /// <summary>All paths that are served, those of the worker's own description among them.</summary>
    public Func<IEnumerable<string>> Paths { get; init; } = static () => [];

    public RequestIntake Intake { get; }

    public SharedChannel SharedState { get; } = new();

    public RequestTable Requests { get; }

    /// <summary>Fires when the calls that are left at the end of a stop are cut off.</summary>
    public CancellationToken CutOff => _cutOff.Token;

    public bool IsCutOff { get; private set; }

    public Outbox Outbox { get; }

    /// <summary>The paths of the services, without what the worker says of itself.</summary>
    public IEnumerable<string> GetPaths() => Paths().Where(static path => NatsSubjects.Split(path).Service != NatsSubjects.SelfService);

    /// <summary>The path leads to a method.</summary>
    public bool IsServed(string path) => !IsBridge && Paths().Contains(path);

    /// <summary>A request has ended, and its reply has left.</summary>
    public void Forget(NatsRequest request)
    {
        if (request.TakesSlot)
        {
            PostOffice.Slots!.Leave();
        }

        Requests.Remove(request);
    }

    /// <summary>What has not begun never will, and what runs is told.</summary>
    public void CutOffCalls()
    {
        IsCutOff = true;

        // The exchange in it pairs with the one in RequestHold.Wait: a request is found below, or sees the mark.
        _cutOff.Cancel();
        Requests.DropWaiting(ErrorFrame.StoppedBefore, static _ => true);
    }
}
