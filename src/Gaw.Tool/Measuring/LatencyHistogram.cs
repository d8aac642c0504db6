using System.Diagnostics;
using System.Numerics;

namespace Gaw.Tool.Measuring;

/// <summary>Counts durations in buckets less than one per cent wide. For one thread; several are added up.</summary>
internal sealed class LatencyHistogram
{
    private const int SubBits = 7;
    private const int SubBuckets = 1 << SubBits;

    private readonly long[] _counts = new long[(64 - SubBits + 1) * SubBuckets];

    public long Count { get; private set; }

    /// <summary>The longest, in microseconds.</summary>
    public double Max { get; private set; }

    /// <summary>Counts a duration in <see cref="Stopwatch"/> ticks.</summary>
    public void Add(long ticks)
    {
        long nanoseconds = Math.Max(0, (long)(ticks * (1e9 / Stopwatch.Frequency)));
        _counts[IndexOf(nanoseconds)]++;
        Count++;
        Max = Math.Max(Max, nanoseconds / 1000.0);
    }

    public void Add(LatencyHistogram other)
    {
        for (int i = 0; i < _counts.Length; i++)
        {
            _counts[i] += other._counts[i];
        }

        Count += other.Count;
        Max = Math.Max(Max, other.Max);
    }

    /// <summary>The duration in microseconds that a share of all are not above; 0 when nothing was counted.</summary>
    public double Percentile(double share)
    {
        long wanted = Math.Max(1, (long)Math.Ceiling(Count * share));
        long seen = 0;
        for (int i = 0; i < _counts.Length; i++)
        {
            seen += _counts[i];
            if (seen >= wanted)
            {
                return Math.Min(Max, UpperBound(i) / 1000.0);
            }
        }

        return 0;
    }

    /// <summary>How many durations are above <paramref name="from"/> and not above <paramref name="to"/>, in microseconds.</summary>
    public long CountBetween(double from, double to)
    {
        long count = 0;
        for (int i = 0; i < _counts.Length; i++)
        {
            double bound = UpperBound(i) / 1000.0;
            count += bound > from && bound <= to ? _counts[i] : 0;
        }

        return count;
    }

    private static int IndexOf(long value)
    {
        if (value < SubBuckets)
        {
            return (int)value;
        }

        int shift = BitOperations.Log2((ulong)value) - SubBits;
        return ((shift + 1) * SubBuckets) + (int)(value >> shift) - SubBuckets;
    }

    private static long UpperBound(int index)
    {
        if (index < SubBuckets)
        {
            return index;
        }

        int shift = (index / SubBuckets) - 1;
        return ((long)((index % SubBuckets) + SubBuckets + 1) << shift) - 1;
    }
}
