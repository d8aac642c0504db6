namespace Gaw.JsonWeb.Streams.Receiving;

/// <summary>Ends a call whose consumer has left it, or was let go without a word: its enumerator and this are lost together, while the call itself is kept by its connection.</summary>
internal sealed class StreamLease<T> : IDisposable
{
    ~StreamLease()
    {
        if (Call is { IsDone: false } call)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static left => Abandon(left), call, preferLocal: false);
        }
    }

    /// <summary>The call, once it was made.</summary>
    public StreamCall<T>? Call { get; set; }

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        if (Call is { IsDone: false } call)
        {
            Abandon(call);
        }
    }

    private static void Abandon(StreamCall<T> call) => call.Abandon(new OperationCanceledException($"{call.Path} was left by its consumer."));
}
