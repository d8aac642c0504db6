using System.Collections.Concurrent;
using Gaw.Telemetry;

namespace Gaw.PostOffice.Server;

/// <summary>What one server refuses: each refusal is counted, and one of each kind in a second is logged, so that an attack does not fill the log.</summary>
/// <param name="time">The server's clock.</param>
/// <param name="isMeasured"><see cref="PostOfficeOptions.IsMeasured"/>.</param>
internal sealed class RejectionLog(TimeProvider time, bool isMeasured)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, long> _logged = new(StringComparer.Ordinal);

    /// <summary>Counts a refusal.</summary>
    /// <param name="kind">As for <see cref="Instruments.Refused"/>.</param>
    /// <returns>It is to be logged.</returns>
    public bool Count(string kind)
    {
        if (isMeasured)
        {
            Instruments.Refused(kind);
        }

        long now = time.GetTimestamp();
        while (true)
        {
            if (!_logged.TryGetValue(kind, out long last))
            {
                if (_logged.TryAdd(kind, now))
                {
                    return true;
                }
            }
            else if (time.GetElapsedTime(last, now) < Pause)
            {
                return false;
            }
            else if (_logged.TryUpdate(kind, now, last))
            {
                return true;
            }
        }
    }
}
