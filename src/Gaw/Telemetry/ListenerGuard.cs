using System.Diagnostics.Metrics;

namespace Gaw.Telemetry;

/// <summary>Code of listeners runs behind it. What a listener throws stays with it: as with a logger, there is no better place to say it.</summary>
internal static class ListenerGuard
{
    /// <summary>Each listener is asked, on this thread, whether it wants what is new.</summary>
    /// <returns><see langword="null"/>: one has thrown.</returns>
    public static T? Create<T>(Func<T> create)
        where T : class
    {
        try
        {
            return create();
        }
        catch (Exception)
        {
            return null;
        }
    }

    public static void Run<T>(T state, Action<T> act)
    {
        try
        {
            act(state);
        }
        catch (Exception)
        {
            // See the class.
        }
    }

    public static void Record(Histogram<double>? histogram, TimeSpan duration, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        try
        {
            histogram?.Record(duration.TotalSeconds, tags);
        }
        catch (Exception)
        {
            // See the class.
        }
    }
}
