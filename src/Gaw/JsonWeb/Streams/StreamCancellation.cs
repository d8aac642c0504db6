using Gaw.JsonWeb.Streams.Receiving;
using Gaw.JsonWeb.Streams.Sending;
using Gaw.Scheduling;
using Microsoft.Extensions.Logging;

namespace Gaw.JsonWeb.Streams;

/// <summary>The token of a call with a stream, by which what belongs to its streams is found.</summary>
internal sealed class StreamCancellation(ServerStream? stream, InboundArguments? arguments, TimeSpan limit, TimeProvider time, ILogger log) : CallCancellation(limit, time, log)
{
    /// <summary>The result; <see langword="null"/>: it is one value.</summary>
    public ServerStream? Stream => stream;

    /// <summary>The arguments that are streams; <see langword="null"/>: none is.</summary>
    public InboundArguments? Arguments => arguments;
}
