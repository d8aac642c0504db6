namespace Gaw.PostOffice.Protection;

/// <summary>Turns a document into the payload of a frame and back: as it is, signed, or signed and encrypted. Safe to use from several threads.</summary>
internal interface IFrameProtector : IDisposable
{
    /// <summary>Bytes that <see cref="Seal"/> puts in front of the document.</summary>
    int HeadBytes { get; }

    /// <summary>The most bytes that <see cref="Seal"/> puts behind the document.</summary>
    int MaxTailBytes { get; }

    /// <summary>
    /// Makes the payload in place: the document stands at <paramref name="start"/>, with <see cref="HeadBytes"/> free in front of it and
    /// <see cref="MaxTailBytes"/> behind it. The payload begins at <c>start - HeadBytes</c>.
    /// </summary>
    /// <returns>The payload's length in bytes.</returns>
    int Seal(byte[] buffer, int start, int length);

    /// <summary>Gives the document of a payload back, made in place. <see langword="false"/>: the payload was not sealed with this key, or was altered.</summary>
    bool TryOpen(Memory<byte> payload, out Memory<byte> document);
}
