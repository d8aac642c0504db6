using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Gaw.Tool;

/// <summary>The argument and options of the commands that talk to a server.</summary>
internal sealed class Connection
{
    private readonly Secrets _secrets = new();

    private readonly Argument<string> _address = new("host:port") { Description = "Where the server listens: 127.0.0.1:5555, [::1]:5555, or a port of this machine." };

    private readonly Option<string?> _timeout = new("--timeout") { HelpName = "time", Description = "How long to wait for an answer: 5s, 500ms, 2m. Default: 100s." };

    public void AddTo(Command command)
    {
        command.Arguments.Insert(0, _address);
        command.Add(_timeout);
        _secrets.AddTo(command);
    }

    public string AddressOf(ParseResult parsed)
    {
        (string host, int port) = ParseAddress(parsed.GetValue(_address)!);
        return host.Contains(':', StringComparison.Ordinal) ? $"[{host}]:{port}" : $"{host}:{port}";
    }

    /// <summary>A client for the server that was named. One attempt to connect: a person sees what happens and tries again.</summary>
    public GawClient Open(ParseResult parsed, Terminal terminal, out bool usesSecret)
    {
        (string host, int port) = ParseAddress(parsed.GetValue(_address)!);
        GawClientOptions options = new() { Retries = 0 };
        if (parsed.GetValue(_timeout) is { } timeout)
        {
            TimeSpan time = ParseTime(timeout, "--timeout");
            options = options with { CallTimeout = time, ConnectTimeout = time };
        }

        if (parsed.GetValue(GlobalOptions.Verbose))
        {
            options = options with { LoggerFactory = new TerminalLogs(terminal.Error, new LogStyle(LogLevel.Debug)) };
        }

        ChosenSecret? secret = _secrets.Read(parsed, terminal);
        usesSecret = secret is not null;
        return new GawClient(host, port, secret is null ? options : secret.ApplyTo(options));
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
        return unit is { } seconds && double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double count) && count * seconds is > 0.0005 and < 2_000_000
            ? TimeSpan.FromSeconds(count * seconds)
            : throw ToolException.Usage($"{option} {text} is no time. Write 5s, 500ms or 2m.");
    }

    private static (string Host, int Port) ParseAddress(string text)
    {
        int colon = text.LastIndexOf(':');
        string host = colon < 0 ? "" : text[..colon];
        if (!int.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out int port))
        {
            throw ToolException.Usage($"\"{text}\" has no port. Write host:port, for example {(colon < 0 ? text : "127.0.0.1")}:5555.");
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

        return (host.Length == 0 ? "127.0.0.1" : host, port);
    }
}

/// <summary>The options of all commands.</summary>
internal static class GlobalOptions
{
    public static readonly Option<bool> Verbose = new("--verbose", "-v") { Description = "Say on stderr what happens on the connection.", Recursive = true };

    public static readonly Option<bool> Trace = new("--trace") { Description = "Show the whole exception when something fails.", Recursive = true };
}
