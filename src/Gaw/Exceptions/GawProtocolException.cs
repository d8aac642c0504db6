namespace Gaw;

/// <summary>What came is not a frame, is larger than allowed, or its signature is wrong. The connection it came on is closed.</summary>
public sealed class GawProtocolException : GawException
{
    internal GawProtocolException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
