using System.CommandLine;
using System.Globalization;
using System.Net.Security;
using Gaw.Nats.Engine;
using Gaw.PostOffice.Addresses;
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

    private readonly Argument<string> _address = new("host:port") { Description = "Where the server listens: 127.0.0.1:5555, [::1]:5555, or a port of this machine. Also several with commas, all of a name (dns:///name:port), or an engine (nats://host:4222)." };

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
        IReadOnlyList<ServerAddress> addresses = ServerAddresses.Parse(parsed.GetValue(_address)!, out string address);
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
        options = secret is null ? options : secret.ApplyTo(options);
        return new ServerAccess(ServerAddresses.Connect(address, options), new ServerFacts(addresses, address, secret is not null, tls is not null, secret is { Encrypt: true }), calls, parsed)
        {
            Engine = addresses[0].Scheme == NatsSettings.Scheme ? new EngineServices(address, options, calls, terminal.Complain) : null,
        };
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

/// <summary>The options of all commands.</summary>
internal static class GlobalOptions
{
    public static readonly Option<bool> Verbose = new("--verbose", "-v") { Description = "Say on stderr what happens on the connection.", Recursive = true };

    public static readonly Option<bool> Trace = new("--trace") { Description = "Show the whole exception when something fails.", Recursive = true };
}
