using Gaw.Json;
using Gaw.PostOffice.Protection;

namespace Gaw.Nats.Wire;

/// <summary>A document as a message: the payload of a frame, without the length line.</summary>
internal static class SealedMessage
{
    /// <summary>Seals what was written, in place.</summary>
    /// <returns>Bytes of the writer's own buffer: they last until it is given back.</returns>
    public static Memory<byte> Seal(JsonWriter writer, IFrameProtector protector)
    {
        byte[] buffer = writer.GetBuffer(protector.MaxTailBytes, out int start);
        int length = protector.Seal(buffer, start, writer.Length);
        return buffer.AsMemory(start - protector.HeadBytes, length);
    }

    /// <summary>What is left of the engine's limit for a document.</summary>
    /// <param name="maxPayloadBytes">The engine's <c>max_payload</c>.</param>
    /// <param name="protector">Takes its part.</param>
    public static int MaxDocumentBytes(int maxPayloadBytes, IFrameProtector protector) => maxPayloadBytes - protector.HeadBytes - protector.MaxTailBytes;
}
