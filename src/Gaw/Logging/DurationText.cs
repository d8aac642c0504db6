using System.Globalization;

namespace Gaw.Logging;

/// <summary>Durations as messages say them: "0.2 s", "30 s", "5 min".</summary>
internal static class DurationText
{
    private const int SecondsPerMinute = 60;

    /// <summary>Seconds to the millisecond; whole minutes where there are no seconds beside them.</summary>
    public static string Of(TimeSpan duration) =>
        duration == Timeout.InfiniteTimeSpan ? "without end"
        : duration.TotalSeconds >= SecondsPerMinute && duration.TotalSeconds % SecondsPerMinute == 0 ? string.Create(CultureInfo.InvariantCulture, $"{duration.TotalMinutes:0} min")
        : duration.TotalSeconds < 0.001 ? string.Create(CultureInfo.InvariantCulture, $"{duration.TotalMilliseconds:0.####} ms")
        : string.Create(CultureInfo.InvariantCulture, $"{duration.TotalSeconds:0.###} s");
}
