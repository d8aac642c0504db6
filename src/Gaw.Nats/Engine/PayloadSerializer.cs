using System.Buffers;
using NATS.Client.Core;

namespace Gaw.Nats.Engine;

/// <summary>Hands bytes to the engine's client as they are.</summary>
internal sealed class PayloadSerializer : INatsSerialize<ReadOnlyMemory<byte>>
{
    public static PayloadSerializer Instance { get; } = new();

    public void Serialize(IBufferWriter<byte> bufferWriter, ReadOnlyMemory<byte> value) => bufferWriter.Write(value.Span);
}
