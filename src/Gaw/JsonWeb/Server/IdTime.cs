namespace Gaw.JsonWeb.Server;

/// <summary>When an id was made, as it says itself: a UUID of version 1, as Python clients make them, or 7, as ours do. Pure.</summary>
internal static class IdTime
{
    private const int VersionShift = 76;
    private const ulong Low12 = 0xfff;

    private static readonly DateTimeOffset GregorianReform = new(1582, 10, 15, 0, 0, 0, TimeSpan.Zero);

    /// <summary>48 bits hold times up to the year 10889, which <see cref="DateTimeOffset"/> does not.</summary>
    private static readonly long LatestMilliseconds = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    /// <returns><see langword="null"/>: the id carries no time.</returns>
    public static DateTimeOffset? Of(UInt128 id)
    {
        ulong high = (ulong)(id >> 64);
        switch ((int)(id >> VersionShift) & 0xf)
        {
            case 7:
                return DateTimeOffset.FromUnixTimeMilliseconds(Math.Min((long)(high >> 16), LatestMilliseconds));
            case 1:
                // time_low, time_mid, version and time_hi: 100 nanoseconds since the Gregorian reform (RFC 9562, 5.1).
                ulong ticks = ((high & Low12) << 48) | ((high & 0xffff_0000) << 16) | (high >> 32);
                return GregorianReform.AddTicks((long)ticks);
            default:
                return null;
        }
    }
}
