using System.Diagnostics;
using Gaw.JsonWeb.Envelopes;

namespace Gaw.Telemetry;

/// <summary>The trace that a call belongs to, as texts of its metadata: written and read as the process's own <see cref="DistributedContextPropagator"/> says, W3C by default.</summary>
internal static class TraceContext
{
    /// <summary>Adds the activity's context to the texts of a request.</summary>
    public static void Inject(Activity activity, HeaderWriter headers)
    {
        try
        {
            DistributedContextPropagator.Current.Inject(activity, headers, static (carrier, name, value) => ((HeaderWriter)carrier!).TryAdd(name, value));
        }
        catch (Exception e) when (e is not GawSerializationException)
        {
            // A propagator of the program's: the call is worth more.
        }
    }

    /// <summary>The context that a caller has sent, if any.</summary>
    public static ActivityContext Extract(IReadOnlyDictionary<string, string> metadata)
    {
        if (metadata.Count == 0)
        {
            return default;
        }

        DistributedContextPropagator.Current.ExtractTraceIdAndState(metadata, Get, out string? parent, out string? state);
        return ActivityContext.TryParse(parent, state, isRemote: true, out ActivityContext context) ? context : default;
    }

    /// <summary>The baggage that a caller has sent goes on with the calls that its own call makes.</summary>
    public static void ExtractBaggage(IReadOnlyDictionary<string, string> metadata, Activity activity)
    {
        if (metadata.Count == 0 || DistributedContextPropagator.Current.ExtractBaggage(metadata, Get) is not { } baggage)
        {
            return;
        }

        foreach ((string name, string? value) in baggage)
        {
            activity.AddBaggage(name, value);
        }
    }

    private static void Get(object? carrier, string name, out string? value, out IEnumerable<string>? values)
    {
        values = null;
        value = ((IReadOnlyDictionary<string, string>)carrier!).GetValueOrDefault(name);
    }
}
