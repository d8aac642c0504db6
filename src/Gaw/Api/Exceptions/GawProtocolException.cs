namespace Gaw;

/// <summary>
/// What came is not a frame, not a reply, or larger than allowed; where the secret does not fit, a <see cref="GawAuthenticationException"/>.
/// The connection it came on is closed.
/// </summary>
public class GawProtocolException : GawException
{
    internal GawProtocolException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
