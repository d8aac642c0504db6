using System.Diagnostics;

namespace Gaw.Telemetry;

/// <summary>What ends of spans have in common.</summary>
internal static class Spans
{
    /// <summary>Ends a span with what its call ended with.</summary>
    public static void End(Activity activity, Exception? error)
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
            // A listener that throws: the call has ended all the same.
        }
    }
}
