namespace Gaw.PostOffice.Framing;

/// <summary>The line in front of a payload: its length in bytes, 1 to 20 decimal digits, and a newline. Pure.</summary>
internal static class LengthLine
{
    /// <summary>Reads the line. <see cref="FrameStatus.Complete"/>: it is whole and within the limit.</summary>
    /// <param name="bytes">What has come.</param>
    /// <param name="maxFrameBytes">The limit.</param>
    /// <param name="lineBytes">Its bytes, the newline included; 0 where it is not complete.</param>
    /// <param name="payloadBytes">What it announces.</param>
    public static FrameStatus Parse(ReadOnlySpan<byte> bytes, int maxFrameBytes, out int lineBytes, out int payloadBytes)
    {
        lineBytes = 0;
        payloadBytes = 0;
        long length = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            uint digit = (uint)(bytes[i] - '0');
            if (digit <= 9)
            {
                if (i == FrameLimits.MaxLengthDigits)
                {
                    return FrameStatus.BadLengthLine;
                }

                // Stays above every limit once there: 20 digits must not wrap round to a small number.
                length = length > int.MaxValue ? length : (length * 10) + digit;
                continue;
            }

            if (bytes[i] != '\n' || i == 0)
            {
                return FrameStatus.BadLengthLine;
            }

            if (length > maxFrameBytes)
            {
                return FrameStatus.TooLarge;
            }

            lineBytes = i + 1;
            payloadBytes = (int)length;
            return FrameStatus.Complete;
        }

        return FrameStatus.Incomplete;
    }

    /// <summary>Writes the length line right in front of <paramref name="payloadStart"/>.</summary>
    /// <returns>Where the frame begins.</returns>
    public static int Write(Span<byte> buffer, int payloadStart, int payloadBytes)
    {
        int at = payloadStart - 1;
        buffer[at] = (byte)'\n';
        uint rest = (uint)payloadBytes;
        do
        {
            (rest, uint digit) = Math.DivRem(rest, 10);
            buffer[--at] = (byte)('0' + digit);
        }
        while (rest > 0);
        return at;
    }
}
