using Gaw.Json;
using Gaw.PostOffice.Framing;
using Gaw.PostOffice.Protection;

namespace Gaw.PostOffice;

/// <summary>Turns a written document into a frame on its way out. Writers are kept one per thread.</summary>
internal static class MessageWriter
{
    /// <summary>Bytes in front of every document: for the length line and the largest seal.</summary>
    private const int Headroom = 64;

    /// <summary>A frame up to here is copied behind the others that wait; a larger one goes with the array it was written in.</summary>
    private const int MaxCopiedBytes = 8 * 1024;

    [ThreadStatic]
    private static JsonWriter? _kept;

    /// <summary>An empty writer. It belongs to the caller until <see cref="Return"/> or <see cref="Post"/>.</summary>
    public static JsonWriter Rent(int maxDocumentBytes)
    {
        JsonWriter writer = _kept ?? new JsonWriter(Headroom);
        _kept = null;
        writer.MaxLength = maxDocumentBytes;
        return writer;
    }

    public static void Return(JsonWriter writer)
    {
        writer.Reset();
        if (_kept is null)
        {
            _kept = writer;
        }
        else
        {
            writer.Dispose();
        }
    }

    /// <summary>Seals the document, adds it to <paramref name="frames"/> and takes the writer back.</summary>
    public static void Post(JsonWriter writer, IFrameProtector protector, FrameWriter frames, FramePosition? place = null)
    {
        byte[] buffer = writer.GetBuffer(protector.MaxTailBytes, out int documentStart);
        int payloadStart = documentStart - protector.HeadBytes;
        int payloadBytes = protector.Seal(buffer, documentStart, writer.Length);
        int start = LengthLine.Write(buffer, payloadStart, payloadBytes);
        int length = payloadStart + payloadBytes - start;
        if (place is not null)
        {
            place.PayloadBytes = payloadBytes;
        }

        if (length <= MaxCopiedBytes)
        {
            frames.Add(buffer.AsSpan(start, length), place);
        }
        else
        {
            frames.Add(writer.DetachBuffer(out _, out _), start, length, place);
        }

        Return(writer);
    }
}
