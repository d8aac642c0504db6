using Gaw.Json;
using Gaw.PostOffice;
using Gaw.Scheduling;
using Gaw.Serialization;

namespace Gaw.JsonWeb.Server;

/// <summary>
/// The code behind a path. A request is bound, run and its result written in three steps, so that nothing runs on arguments that are not all
/// there, and a result is written where the response belongs. Its exception becomes an error response.
/// </summary>
internal abstract class RequestHandler
{
    /// <summary>The code wants the request's metadata: its time-out, its metadata, a token that it can cancel.</summary>
    public virtual bool TakesMeta => true;

    /// <summary>The result is made item by item, and goes through <see cref="ServerCall.Stream"/>.</summary>
    public bool IsStream { get; protected init; }

    /// <summary>Some of its arguments may be streams, whose items come while it runs.</summary>
    public bool TakesStreams { get; protected init; }

    /// <inheritdoc cref="InboundMessage.IsControl"/>
    public virtual bool IsControl => false;

    /// <inheritdoc cref="InboundMessage.StaysOnThread"/>
    public virtual bool StaysOnThread => false;

    /// <summary>The arguments' types run code of the service while they are read.</summary>
    public virtual bool ReadsForeignTypes => false;

    /// <summary>Predicts whether reading the arguments keeps its thread.</summary>
    public BlockingPredictor ReadPredictor { get; } = new();

    /// <summary>Predicts whether a request keeps its thread.</summary>
    public BlockingPredictor Predictor { get; } = new();

    /// <summary>Reads the arguments. The spans point into the receive buffer and are gone after the return.</summary>
    /// <returns>The bound request, for the other steps; <see langword="null"/>: the arguments do not fill their place, so they have to be found in another way.</returns>
    public abstract object? TryBind(ArgumentSpans arguments);

    /// <summary>Arguments of the bound request are streams whose items come later. Asked where it <see cref="TakesStreams"/>.</summary>
    public virtual bool HasStreams(object bound) => false;

    /// <summary>An argument is a stream, and what stands in its place takes none. Asked when the arguments could not be bound.</summary>
    public virtual bool RefusesStream(ReadOnlySpan<byte> args, ReadOnlySpan<byte> kwargs) => true;

    /// <summary>Runs the bound request.</summary>
    public abstract ValueTask RunAsync(object bound, ServerCall call);

    /// <summary>Metadata for the caller, of a request that has run or failed; <see langword="null"/> for none.</summary>
    public virtual IReadOnlyDictionary<string, string>? GetResponseMetadata(object bound) => null;

    /// <summary>Writes the result of a request that has run, as one JSON value.</summary>
    public abstract void WriteResult(object bound, JsonWriter writer);

    /// <summary>The request made something that ends after its reply is written: a service's instance that can be disposed.</summary>
    public virtual bool HoldsResources(object bound) => false;

    /// <summary>The reply is written: ends what <see cref="HoldsResources"/> speaks of. What it throws is logged.</summary>
    public virtual ValueTask EndAsync(object bound) => default;

    /// <summary>The request is answered and ended; what it held may be used again.</summary>
    public virtual void Release(object bound)
    {
    }
}
