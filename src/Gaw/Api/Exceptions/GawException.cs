namespace Gaw;

/// <summary>
/// What every exception of a call has in common. Beside this family a call may end in <see cref="TimeoutException"/>,
/// <see cref="OperationCanceledException"/> (the caller's token), or <see cref="ArgumentException"/> (wrong use, nothing was sent).
/// </summary>
public abstract class GawException : Exception
{
    private protected GawException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
