using System.Diagnostics;

namespace Gaw.Telemetry;

/// <summary>The trace that a call belongs to, as texts of its metadata: written and read as the process's own <see cref="DistributedContextPropagator"/> says, W3C by default.</summary>
internal static class TraceContext
{
    /// <summary>The metadata with the activity's context in it; texts that the caller has set itself stay as they are.</summary>
    public static IReadOnlyDictionary<string, string>? Inject(Activity? activity, IReadOnlyDictionary<string, string>? metadata)
    {
        if (activity is null)
        {
            return metadata;
        }

        Dictionary<string, string> all = metadata is null ? new(StringComparer.Ordinal) : new(metadata, StringComparer.Ordinal);
        DistributedContextPropagator.Current.Inject(activity, all, static (carrier, name, value) => ((Dictionary<string, string>)carrier!).TryAdd(name, value));
        return all.Count == 0 ? metadata : all;
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
