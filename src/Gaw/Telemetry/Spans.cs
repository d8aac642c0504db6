using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Gaw.Telemetry;

/// <summary>What the ends of calls have in common.</summary>
internal static class Spans
{
    /// <summary>Records how long a call took, and ends its span.</summary>
    /// <param name="activity">The span; <see langword="null"/> where nobody wanted one.</param>
    /// <param name="duration">Where the time is recorded, if anywhere.</param>
    /// <param name="tags">What was called.</param>
    /// <param name="began">When it began, by the monotonic clock.</param>
    /// <param name="error">What it failed with.</param>
    /// <param name="items">How many items its result had; <see langword="null"/>: it was no stream.</param>
    public static void End(Activity? activity, Histogram<double>? duration, MethodTags tags, long began, Exception? error, long? items)
    {
        if (duration is { Enabled: true })
        {
            ListenerGuard.Record(duration, Stopwatch.GetElapsedTime(began), error is null ? tags.All : tags.With(new KeyValuePair<string, object?>(TelemetryNames.ErrorType, ErrorTypeOf(error))));
        }

        if (activity is not null)
        {
            End(activity, error, items);
        }
    }

    /// <summary>The kind of an error: what a server says its name is, otherwise its type.</summary>
    public static string ErrorTypeOf(Exception error) => error switch
    {
        GawRemoteException remote => remote.RemoteName,
        GawError own => own.Name,
        _ => error.GetType().FullName ?? error.GetType().Name,
    };

    /// <summary>Ends a span with what its call ended with.</summary>
    private static void End(Activity activity, Exception? error, long? items)
    {
        try
        {
            if (items is { } count)
            {
                activity.SetTag(TelemetryNames.StreamItems, count);
            }

            if (error is not null)
            {
                activity.SetTag(TelemetryNames.ErrorType, ErrorTypeOf(error));
                if (error is GawRemoteException or GawError)
                {
                    activity.SetTag(TelemetryNames.RpcStatusCode, ErrorTypeOf(error));
                }

                activity.SetStatus(ActivityStatusCode.Error, error.Message);
            }

            activity.Dispose();
        }
        catch (Exception)
        {
            // A listener that throws: the call has ended all the same, and the span with it.
            if (Activity.Current == activity)
            {
                Activity.Current = activity.Parent;
            }
        }
    }
}
