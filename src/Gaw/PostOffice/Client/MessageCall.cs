namespace Gaw.PostOffice.Client;

/// <summary>A message whose reply is handed out as it is.</summary>
internal sealed class MessageCall : PendingCall
{
    private readonly TaskCompletionSource<byte[]> _reply = new();
    private byte[] _document = [];

    public MessageCall(bool synchronous, TimeSpan timeout)
    {
        IsSynchronous = synchronous;
        Timeout = timeout;
    }

    public override string Path => "a message";

    public Task<byte[]> Reply => _reply.Task;

    public override bool TryRead(ReadOnlySpan<byte> reply)
    {
        _document = reply.ToArray();
        return true;
    }

    public byte[] GetReply()
    {
        Continue();
        return _reply.Task.GetAwaiter().GetResult();
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
