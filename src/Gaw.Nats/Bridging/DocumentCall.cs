using Gaw.PostOffice;

namespace Gaw.Nats.Bridging;

/// <summary>A document that a bridge passes on as it is, with an id of its own inside; its answer is handed out as it came.</summary>
internal sealed class DocumentCall : PendingCall
{
    private readonly TaskCompletionSource<byte[]> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private byte[] _document = [];

    public DocumentCall(string path, TimeSpan timeout)
    {
        Path = path;
        Timeout = timeout;
    }

    public override string Path { get; }

    public Task<byte[]> Answer => _answer.Task;

    public override bool TryRead(ReadOnlySpan<byte> answer)
    {
        _document = answer.ToArray();
        return true;
    }

    protected override void Continue()
    {
        if (Error is null)
        {
            _answer.TrySetResult(_document);
        }
        else
        {
            _answer.TrySetException(Error);
        }
    }
}
