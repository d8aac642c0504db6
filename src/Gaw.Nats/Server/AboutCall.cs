using Gaw.Json;
using Gaw.JsonWeb.Envelopes;
using Gaw.PostOffice;
using Gaw.PostOffice.Protection;

namespace Gaw.Nats.Server;

/// <summary>What a client says of a call that a worker has: that it is cancelled, how far its result may go, and the items of its arguments.</summary>
internal static class AboutCall
{
    /// <summary>What is said; <see langword="null"/>: it is nothing about a call.</summary>
    public static string? Read(ReadOnlySpan<byte> document) =>
        RequestReader.TryRead(document, out Request request) && request.GetPath() is { } path
            && (path == CallTarget.Cancel.Path || path == CallTarget.Take.Path || (path == CallTarget.Send.Path && HasArguments(request)))
            ? path
            : null;

    /// <summary>Gives it to who has the call, on a thread of the pool. Nobody answers.</summary>
    public static void Handle(Worker worker, Memory<byte> document, IFrameProtector protector)
    {
        ForeignCode.BeginLoop();
        worker.PostOffice.Handler(document, new NatsChannel(worker, null, protector));
        ForeignCode.Leave();
    }

    /// <summary>Without arguments it is the question whether there can be items.</summary>
    private static bool HasArguments(in Request request)
    {
        JsonReader args = new(request.Args, JsonLimits.Default);
        if (args.Peek() is not JsonKind.Array)
        {
            return false;
        }

        args.BeginArray();
        return args.NextItem();
    }
}
