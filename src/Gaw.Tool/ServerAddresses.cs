using Gaw.PostOffice.Addresses;

namespace Gaw.Tool;

/// <summary>What is known of a server before it is asked.</summary>
/// <param name="Addresses">Where it is: one or more.</param>
/// <param name="Text">The same as it was typed.</param>
/// <param name="UsesSecret">A secret was given.</param>
/// <param name="UsesTls">TLS was asked for.</param>
/// <param name="Encrypts">Frames are encrypted.</param>
internal sealed record ServerFacts(IReadOnlyList<ServerAddress> Addresses, string Text, bool UsesSecret, bool UsesTls, bool Encrypts)
{
    /// <summary>The options that say so, for a command line that does the same again; without secrets and files, which belong to who runs it.</summary>
    public string Options => $"{(Encrypts ? " --encrypt" : "")}{(UsesTls ? " --tls" : "")}";

    /// <summary>As it was typed, but never with user and password.</summary>
    public string Address => Addresses.Any(static address => address.User is not null) || !Addresses.Any(static address => address.IsForeign) ? string.Join(',', Addresses) : Text;

    public string Host => Addresses[0].Host;

    public int Port => Addresses[0].Port;

    /// <summary>It is one server over TCP, which can be looked at by itself.</summary>
    public bool IsOneServer => Addresses is [{ Scheme: ServerAddress.Tcp }];
}

/// <summary>Reads the addresses that people type: those of the library, and a port of this machine.</summary>
internal static class ServerAddresses
{
    /// <exception cref="ToolException">There is none, or one is no address.</exception>
    public static IReadOnlyList<ServerAddress> Parse(string given, out string text)
    {
        text = string.Join(',', given.Split(',').Select(static piece => Complete(piece.Trim())));
        List<string> problems = [];
        List<ServerAddress> addresses = AddressParser.Read([text], forListening: false, problems);
        return problems.Count == 0 ? addresses : throw ToolException.Usage(string.Join(' ', problems));
    }

    /// <exception cref="ToolException">Nobody knows the scheme, or it cannot do what the options say.</exception>
    public static GawClient Connect(string text, GawClientOptions options)
    {
        try
        {
            return new GawClient(text, options);
        }
        catch (ArgumentException e)
        {
            throw ToolException.Usage(WithoutParameter(e));
        }
    }

    public static string WithoutParameter(ArgumentException exception)
    {
        int end = exception.Message.IndexOf(" (Parameter ", StringComparison.Ordinal);
        return end < 0 ? exception.Message : exception.Message[..end];
    }

    private static string Complete(string piece)
    {
        string digits = piece.StartsWith(':') ? piece[1..] : piece;
        return digits.Length > 0 && digits.All(char.IsAsciiDigit) ? $"127.0.0.1:{digits}" : piece;
    }
}
