using Gaw.PostOffice;
using Gaw.Scheduling;

namespace Gaw.JsonWeb.ReplyCaching;

/// <summary>One reply, or the place where it will be.</summary>
/// <param name="id">The request's id.</param>
/// <param name="path">What it calls: only the question for that is answered.</param>
/// <param name="owner">The thumbprint of the certificate that its caller has shown, if any: only for that one is it repeated, and only that one cancels it.</param>
/// <param name="cache">Where it is kept.</param>
internal sealed class CachedReply(UInt128 id, string path, string? owner, ReplyCache cache)
{
    private readonly TaskCompletionSource _completed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public UInt128 Id => id;

    public string Path => path;

    public string? Owner => owner;

    /// <summary>Completes when <see cref="Document"/> is there.</summary>
    public Task Completed => _completed.Task;

    /// <summary>The response's document, id included.</summary>
    public byte[] Document { get; private set; } = [];

    /// <summary>What stands beside it: members of <c>meta</c>.</summary>
    public byte[] Meta { get; private set; } = [];

    public int Bytes => Document.Length + Meta.Length;

    public long CompletedMs { get; set; }

    /// <summary>Cancels the call while it runs, where its method wants to know.</summary>
    public CallCancellation? Cancellation { get; set; }

    /// <summary>Where the call came from, until it has ended.</summary>
    public ReplyChannel? Channel { get; set; }

    /// <summary>Withdraws the call, or cancels it where it has begun and can be told.</summary>
    public bool TryCancel() => Channel?.TryWithdraw(id) == true || Cancellation?.CancelSafely() == true;

    /// <summary>Keeps the reply, which is on its way to the caller for the first time.</summary>
    public void Complete(ReadOnlySpan<byte> document, byte[] meta)
    {
        Document = document.ToArray();
        Meta = meta;
        cache.Complete(this);
        _completed.SetResult();
    }
}
