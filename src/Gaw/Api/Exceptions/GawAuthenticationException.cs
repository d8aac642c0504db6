namespace Gaw;

/// <summary>
/// The two sides do not have the same secret: a reply whose signature is wrong, one that is protected where this client has no secret, or a
/// server that found the signature of the request wrong. A server with another secret runs nothing. The connection is closed.
/// </summary>
public sealed class GawAuthenticationException : GawProtocolException
{
    internal GawAuthenticationException(string problem)
        : base($"{problem} Both sides need the same Secret and the same Encrypt.")
    {
    }
}
