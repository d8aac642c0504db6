using Gaw.PostOffice;

namespace Gaw.Nats.Bridging;

/// <summary>A document that a bridge passes on as it is, with an id of its own inside; its reply is handed out as it came.</summary>
internal sealed class DocumentCall : PendingCall
{
    private readonly TaskCompletionSource<byte[]> _reply = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private byte[] _document = [];

    public DocumentCall(string path, TimeSpan timeout)
    {
        Path = path;
        Timeout = timeout;
    }

    public override string Path { get; }

    public Task<byte[]> Reply => _reply.Task;

    public override bool TryRead(ReadOnlySpan<byte> reply)
    {
        _document = reply.ToArray();
        return true;
    }

    protected override void Continue()
    {
        if (Error is null)
        {
            _reply.TrySetResult(_document);
        }
        else
        {
            _reply.TrySetException(Error);
        }
    }
}
