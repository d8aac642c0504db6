using System.Globalization;
using System.Text.Unicode;
using Gaw.Json;

namespace Gaw.JsonWeb.Streams;

/// <summary>What stands in the <c>meta</c> of requests and replies about streams (PROTOCOL section 12.9).</summary>
internal static class StreamMeta
{
    /// <summary>The most bytes of <see cref="WriteSent"/>.</summary>
    public const int MaxSentBytes = 80;

    /// <summary>In place of a stream's number where a message speaks of none.</summary>
    public const int NoStream = -1;

    /// <summary>In a request: the result is wanted in parts, up to so much in all.</summary>
    public static ReadOnlySpan<byte> TakeName => "take"u8;

    /// <summary>In a request with <see cref="TakeName"/>: a part, be it empty, is wanted at least so often.</summary>
    public static ReadOnlySpan<byte> AliveName => "alive_ms"u8;

    /// <summary>In the reply to a question: this server takes arguments that are streams.</summary>
    public static ReadOnlySpan<byte> StreamsName => "streams"u8;

    /// <summary>The member of the reply to a question about <see cref="StreamsName"/>.</summary>
    public static ReadOnlySpan<byte> TakesStreams => "\"streams\": 1"u8;

    /// <summary>In a reply: the sender's totals behind it.</summary>
    public static ReadOnlySpan<byte> SentName => "sent"u8;

    /// <summary>Consumes a value; <see langword="null"/> where it is not <c>[ITEMS, BYTES]</c> with two figures from 0 on.</summary>
    public static StreamTotals? ReadTotals(ref JsonReader reader)
    {
        if (reader.Peek() != JsonKind.Array)
        {
            reader.Skip();
            return null;
        }

        Span<long> figures = stackalloc long[2];
        int count = 0;
        bool isValid = true;
        reader.BeginArray();
        for (; reader.NextItem(); count++)
        {
            if (!reader.TryReadInt64(out long figure))
            {
                reader.Skip();
                isValid = false;
            }
            else if (count < figures.Length && figure >= 0)
            {
                figures[count] = figure;
            }
            else
            {
                isValid = false;
            }
        }

        return isValid && count == figures.Length ? new StreamTotals(figures[0], figures[1]) : null;
    }

    /// <summary>Writes totals as one value.</summary>
    public static void WriteTotals(JsonWriter writer, StreamTotals totals)
    {
        writer.BeginArray();
        writer.Integer(totals.Items);
        writer.Integer(totals.Bytes);
        writer.EndArray();
    }

    /// <summary>Writes the members of a request's <c>meta</c>.</summary>
    public static void WriteWish(JsonWriter writer, StreamWish wish)
    {
        writer.Name(TakeName);
        WriteTotals(writer, wish.Limit);
        WriteAlive(writer, wish.Alive);
    }

    /// <summary>Writes the member of a request's <c>meta</c> that asks for signs of life, if they are wanted.</summary>
    public static void WriteAlive(JsonWriter writer, TimeSpan? alive)
    {
        if (alive is { } period)
        {
            writer.Name(AliveName);
            writer.Integer((long)period.TotalMilliseconds);
        }
    }

    /// <summary>Writes the members of a reply's <c>meta</c>.</summary>
    /// <param name="buffer">At least <see cref="MaxSentBytes"/>.</param>
    /// <param name="sent">The sender's totals behind this reply.</param>
    /// <param name="more">It is not the last one.</param>
    /// <returns>What was written.</returns>
    public static ReadOnlySpan<byte> WriteSent(Span<byte> buffer, StreamTotals sent, bool more)
    {
        int length;
        _ = more
            ? Utf8.TryWrite(buffer, CultureInfo.InvariantCulture, $"\"more\": true, \"sent\": [{sent.Items}, {sent.Bytes}]", out length)
            : Utf8.TryWrite(buffer, CultureInfo.InvariantCulture, $"\"sent\": [{sent.Items}, {sent.Bytes}]", out length);
        return buffer[..length];
    }

    /// <summary>Writes the members of the <c>meta</c> of a reply that names a limit to the sender of an argument.</summary>
    /// <param name="buffer">At least <see cref="MaxSentBytes"/>.</param>
    /// <param name="number">The number of the stream.</param>
    /// <param name="limit">Its limit.</param>
    /// <returns>What was written.</returns>
    public static ReadOnlySpan<byte> WriteTake(Span<byte> buffer, int number, StreamTotals limit)
    {
        _ = Utf8.TryWrite(buffer, CultureInfo.InvariantCulture, $"\"for\": {number}, \"take\": [{limit.Items}, {limit.Bytes}], \"more\": true", out int length);
        return buffer[..length];
    }
}
