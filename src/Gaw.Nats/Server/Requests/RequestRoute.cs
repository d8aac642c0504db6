using Gaw.JsonWeb.Envelopes;
using Gaw.JsonWeb.Server;
using Gaw.PostOffice;
using Gaw.Scheduling;

namespace Gaw.Nats.Server.Requests;

/// <summary>What may come on a subject.</summary>
/// <param name="subject">The subject, for messages.</param>
/// <param name="path">The only path that it is for; <see langword="null"/>: what the worker says of itself.</param>
internal sealed class RequestRoute(string subject, string? path)
{
    public string Subject => subject;

    /// <summary>Questions about the worker itself, which need no place among its calls.</summary>
    public bool IsControl => path is null;

    public RouteStats Stats { get; } = new();

    /// <summary>Whether calls here keep their thread; known from the first on.</summary>
    public BlockingPredictor? Predictor { get; set; }

    /// <summary>The same, of a document that nobody here takes apart.</summary>
    public bool Takes(ReadOnlySpan<byte> document) => RequestReader.TryRead(document, out Request request) && request.GetPath() == path;

    /// <summary>The sealed path belongs to the subject. Otherwise who may send to one method could call all, and a recorded message could be aimed anew.</summary>
    public bool Takes(InboundMessage message) => message is not ServerCall call || (path is null ? call.IsControl : call.Path == path);
}
