using Gaw.Shared;

namespace Gaw.PostOffice.Replies;

/// <summary>A reply taken apart. Its spans lie in the bytes that were read.</summary>
internal ref struct Reply
{
    public ReplyKind Kind;

    /// <summary>The document was taken to end where it usually ends, and not looked for.</summary>
    public bool IsUsual;

    /// <summary>The id in the document; empty where documents carry none.</summary>
    public ReadOnlySpan<byte> Id;

    public ReadOnlySpan<byte> Document;

    /// <summary>The object that a multiplexing server adds; empty where there is none.</summary>
    public ReadOnlySpan<byte> Meta;

    /// <summary>For <see cref="ReplyKind.Failure"/>.</summary>
    public ErrorInfo? Failure;

    /// <summary>For <see cref="ReplyKind.Malformed"/>: what the reader met, if it was no JSON.</summary>
    public Exception? Fault;
}
