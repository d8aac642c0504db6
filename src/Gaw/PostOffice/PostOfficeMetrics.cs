using System.Diagnostics.Metrics;

namespace Gaw.PostOffice;

/// <summary>Counts what servers refuse, for <c>dotnet-counters</c> and the like: instrument <c>gaw.server.refusals</c> of the meter <c>Gaw</c>.</summary>
internal static class PostOfficeMetrics
{
    private static readonly Meter Meter = new("Gaw");

    private static readonly Counter<long> RejectionLog = Meter.CreateCounter<long>(
        "gaw.server.refusals", "{refusal}", "Connections, frames and requests that a server has refused, by kind.");

    /// <summary>Counts one refusal.</summary>
    /// <param name="kind"><c>length_line</c>, <c>frame_size</c>, <c>seal</c>, <c>document</c>, <c>replay</c>, <c>audience</c>, <c>slow</c>, <c>budget</c>, <c>connections</c> or <c>tls</c>.</param>
    /// <remarks>Who listens to the meter runs within it; what it throws stays with it.</remarks>
    public static void Refused(string kind)
    {
        try
        {
            RejectionLog.Add(1, new KeyValuePair<string, object?>("kind", kind));
        }
        catch (Exception)
        {
            // As with a logger that throws, there is no better place to say it.
        }
    }
}
