using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Gaw.Telemetry;

/// <summary>What the ends of calls have in common.</summary>
internal static class Spans
{
    /// <summary>Records how long a call took, and ends its span.</summary>
    /// <param name="activity">The span; <see langword="null"/> where nobody wanted one.</param>
    /// <param name="duration">Where the time is recorded, if anywhere.</param>
    /// <param name="method">What was called.</param>
    /// <param name="began">When it began, by the monotonic clock.</param>
    /// <param name="error">What it failed with.</param>
    /// <param name="server">Which server was called, if that is to be said.</param>
    public static void End(Activity? activity, Histogram<double>? duration, string? method, long began, Exception? error, (string Address, int Port)? server = null)
    {
        if (duration is { Enabled: true })
        {
            TagList tags = new() { { TelemetryNames.RpcSystem, TelemetryNames.System }, { TelemetryNames.RpcMethod, method } };
            if (server is { } place)
            {
                tags.Add(TelemetryNames.ServerAddress, place.Address);
                tags.Add(TelemetryNames.ServerPort, place.Port);
            }

            if (error is not null)
            {
                tags.Add(TelemetryNames.ErrorType, Instruments.ErrorTypeOf(error));
            }

            Instruments.Record(duration, Stopwatch.GetElapsedTime(began), tags);
        }

        if (activity is not null)
        {
            End(activity, error);
        }
    }

    /// <summary>Ends a span with what its call ended with.</summary>
    private static void End(Activity activity, Exception? error)
    {
        try
        {
            if (error is not null)
            {
                activity.SetTag(TelemetryNames.ErrorType, Instruments.ErrorTypeOf(error));
                if (error is GawRemoteException or GawError)
                {
                    activity.SetTag(TelemetryNames.RpcStatusCode, Instruments.ErrorTypeOf(error));
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
