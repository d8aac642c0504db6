using System.CommandLine;
using System.Globalization;
using System.Net.Security;
using Gaw.Tool.Commands;
using Gaw.Tool.Terminals;
using Microsoft.Extensions.Logging;

namespace Gaw.Tool;

/// <summary>The argument and options of the commands that talk to a server.</summary>
/// <param name="defaultTimeout">How long this command waits for an answer where nothing else is said; <see langword="null"/> for the library's default.</param>
internal sealed class Connection(TimeSpan? defaultTimeout)
{
    private const double ShortestSeconds = 0.001;
    private const double LongestSeconds = 500 * 3600;

    private readonly Secrets _secrets = new();
    private readonly TlsOptions _tls = new();

    private readonly Argument<string> _address = new("host:port") { Description = "Where the server listens: 127.0.0.1:5555, [::1]:5555, or a port of this machine." };

    private readonly Setting _timeout = new("--timeout", "GAW_TIMEOUT")
    {
        HelpName = "time",
        Description = $"How long to wait for an answer: 5s, 500ms, 2m. Default: {(defaultTimeout is { } time ? $"{time.TotalSeconds.ToString(CultureInfo.InvariantCulture)}s" : "100s, and 10s for the connection")}.",
    };

    private readonly Option<string[]> _metadata = new("--metadata") { HelpName = "name=value", Description = "A text that travels beside the arguments, for the server's filters; may be repeated." };

    public void AddTo(Command command)
    {
        command.Arguments.Insert(0, _address);
        command.Add(_timeout);
        command.Add(_metadata);
        _secrets.AddTo(command);
        _tls.AddTo(command);
    }

    /// <summary>A client for the server that was named. One attempt to connect: a person sees what happens and tries again.</summary>
    public ServerAccess Open(ParseResult parsed, Terminal terminal)
    {
        (string host, int port) = ServerAddresses.Parse(parsed.GetValue(_address)!);
        GawClientOptions options = new() { Retries = 0 };
        TimeSpan? timeout = _timeout.Read(parsed, terminal) is { } text ? ParseTime(text, _timeout.SourceIn(parsed)) : defaultTimeout;
        if (timeout is { } time)
        {
            options = options with { CallTimeout = time, ConnectTimeout = time };
        }

        if (parsed.GetValue(GlobalOptions.Verbose))
        {
            options = options with { LoggerFactory = new TerminalLogs(terminal.Error, new LogStyle(LogLevel.Debug)) };
        }

        CallOptions calls = new() { Metadata = ParseMetadata(parsed.GetValue(_metadata) ?? []) };
        SslClientAuthenticationOptions? tls = _tls.Read(parsed, terminal);
        ChosenSecret? secret = _secrets.Read(parsed, terminal);
        options = options with { Tls = tls };
        return new ServerAccess(new GawClient(host, port, secret is null ? options : secret.ApplyTo(options)), new ServerFacts(host, port, secret is not null, tls is not null, secret is { Encrypt: true }), calls, parsed);
    }

    public static TimeSpan ParseTime(string text, string option)
    {
        string digits = text.TrimEnd("abcdefghijklmnopqrstuvwxyz".ToCharArray());
        double? unit = text[digits.Length..] switch
        {
            "ms" => 0.001,
            "" or "s" => 1,
            "m" or "min" => 60,
            "h" => 3600,
            _ => null,
        };
        return unit is not { } seconds || !double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double count) ? throw ToolException.Usage($"{option} {text} is no time. Write 5s, 500ms or 2m.")
            : count * seconds < ShortestSeconds ? throw ToolException.Usage($"{option} {text} is too short. Give 1ms or more.")
            : count * seconds > LongestSeconds ? throw ToolException.Usage($"{option} {text} is too long. Give 500h or less.")
            : TimeSpan.FromSeconds(count * seconds);
    }

    private static Dictionary<string, string>? ParseMetadata(IReadOnlyList<string> pairs)
    {
        Dictionary<string, string> metadata = [];
        foreach (string pair in pairs)
        {
            int equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                throw ToolException.Usage($"--metadata {pair} has no name. Write --metadata name=value.");
            }

            if (!metadata.TryAdd(pair[..equals], pair[(equals + 1)..]))
            {
                throw ToolException.Usage($"--metadata {pair[..equals]} is given twice.");
            }
        }

        return metadata.Count == 0 ? null : metadata;
    }
}

/// <summary>What is known of a server before it is asked.</summary>
internal sealed record ServerFacts(string Host, int Port, bool UsesSecret, bool UsesTls, bool Encrypts)
{
    /// <summary>The options that say so, for a command line that does the same again; without secrets and files, which belong to who runs it.</summary>
    public string Options => $"{(Encrypts ? " --encrypt" : "")}{(UsesTls ? " --tls" : "")}";

    public string Address => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}

/// <summary>Reads the addresses that people type.</summary>
internal static class ServerAddresses
{
    /// <exception cref="ToolException">It is none.</exception>
    public static (string Host, int Port) Parse(string text)
    {
        int scheme = text.IndexOf("://", StringComparison.Ordinal);
        int rest = text.IndexOf('/', scheme < 0 ? 0 : scheme + 3);
        if (scheme >= 0 || rest >= 0)
        {
            string bare = text[(scheme < 0 ? 0 : scheme + 3)..(rest < 0 ? text.Length : rest)];
            throw ToolException.Usage($"\"{text}\" is more than an address: Gaw has no {(scheme >= 0 ? "schemes" : "paths behind the port")}. Write host:port, {(bare.Length == 0 ? "for example 127.0.0.1:5555" : bare.Contains(':', StringComparison.Ordinal) ? bare : bare + ":5555")}.");
        }

        int colon = text.LastIndexOf(':');
        string host = colon < 0 ? "" : text[..colon];
        if (!int.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out int port))
        {
            string digits = text[(colon + 1)..];
            throw digits.Length > 0 && digits.All(char.IsAsciiDigit)
                ? ToolException.Usage($"{digits} is no port. Give one from 1 to 65535.")
                : ToolException.Usage($"\"{text}\" has no port. Write host:port, for example {(colon < 0 && text.Length > 0 ? text : "127.0.0.1")}:5555.");
        }

        if (port is < 1 or > 65535)
        {
            throw ToolException.Usage($"{port} is no port. Give one from 1 to 65535.");
        }

        if (host.StartsWith('[') && host.EndsWith(']'))
        {
            host = host[1..^1];
        }
        else if (host.Contains(':', StringComparison.Ordinal))
        {
            throw ToolException.Usage($"Put an IPv6 address into brackets: [{host}]:{port}.");
        }

        if (host.Any(static c => char.IsWhiteSpace(c) || char.IsControl(c)))
        {
            throw ToolException.Usage($"\"{host}\" is no host. Write host:port, for example 127.0.0.1:5555.");
        }

        return (host.Length == 0 ? "127.0.0.1" : host, port);
    }
}

/// <summary>The options of all commands.</summary>
internal static class GlobalOptions
{
    public static readonly Option<bool> Verbose = new("--verbose", "-v") { Description = "Say on stderr what happens on the connection.", Recursive = true };

    public static readonly Option<bool> Trace = new("--trace") { Description = "Show the whole exception when something fails.", Recursive = true };
}
