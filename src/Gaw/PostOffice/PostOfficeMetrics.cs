using System.Diagnostics.Metrics;

namespace Gaw.PostOffice;

/// <summary>Counts what servers refuse, for <c>dotnet-counters</c> and the like: instrument <c>gaw.server.refusals</c> of the meter <c>Gaw</c>.</summary>
internal static class PostOfficeMetrics
{
    private static readonly Meter Meter = new("Gaw");

    private static readonly Counter<long> Refusals = Meter.CreateCounter<long>(
        "gaw.server.refusals", "{refusal}", "Connections, frames and requests that a server has refused, by kind.");

    /// <summary>Counts one refusal.</summary>
    /// <param name="kind">One of a few fixed words: <c>length_line</c>, <c>frame_size</c>, <c>seal</c>, <c>json</c>, <c>connections</c>, ...</param>
    public static void Refused(string kind) => Refusals.Add(1, new KeyValuePair<string, object?>("kind", kind));
}
