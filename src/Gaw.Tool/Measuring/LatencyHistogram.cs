using System.Diagnostics;
using System.Numerics;

namespace Gaw.Tool.Measuring;

/// <summary>Counts durations in buckets less than one per cent wide. For one thread; several are added up.</summary>
internal sealed class LatencyHistogram
{
    private const int SubBits = 7;
    private const int SubBuckets = 1 << SubBits;

    /// <summary>Rows of buckets, a row made with its first duration: most callers see few orders of magnitude, and there are many callers.</summary>
    private readonly long[]?[] _rows = new long[64 - SubBits + 1][];

    public long Count { get; private set; }

    /// <summary>The longest, in microseconds.</summary>
    public double Max { get; private set; }

    /// <summary>Counts a duration in <see cref="Stopwatch"/> ticks.</summary>
    public void Add(long ticks)
    {
        long nanoseconds = Math.Max(0, (long)(ticks * (1e9 / Stopwatch.Frequency)));
        int index = IndexOf(nanoseconds);
        RowAt(index / SubBuckets)[index % SubBuckets]++;
        Count++;
        Max = Math.Max(Max, nanoseconds / 1000.0);
    }

    public void Add(LatencyHistogram other)
    {
        foreach ((int index, long count) in other.Counted())
        {
            RowAt(index / SubBuckets)[index % SubBuckets] += count;
        }

        Count += other.Count;
        Max = Math.Max(Max, other.Max);
    }

    /// <summary>The duration in microseconds that a share of all are not above; 0 when nothing was counted.</summary>
    public double Percentile(double share)
    {
        long wanted = Math.Max(1, (long)Math.Ceiling(Count * share));
        long seen = 0;
        foreach ((int index, long count) in Counted())
        {
            seen += count;
            if (seen >= wanted)
            {
                return Math.Min(Max, UpperBound(index) / 1000.0);
            }
        }

        return 0;
    }

    /// <summary>How many durations are above <paramref name="from"/> and not above <paramref name="to"/>, in microseconds.</summary>
    public long CountBetween(double from, double to)
    {
        long sum = 0;
        foreach ((int index, long count) in Counted())
        {
            double bound = UpperBound(index) / 1000.0;
            sum += bound > from && bound <= to ? count : 0;
        }

        return sum;
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

    /// <summary>The buckets that hold something, the shortest first.</summary>
    private IEnumerable<(int Index, long Count)> Counted()
    {
        for (int row = 0; row < _rows.Length; row++)
        {
            for (int at = 0; at < _rows[row]?.Length; at++)
            {
                if (_rows[row]![at] is > 0 and long count)
                {
                    yield return ((row * SubBuckets) + at, count);
                }
            }
        }
    }

    private long[] RowAt(int row) => _rows[row] ??= new long[SubBuckets];
}
