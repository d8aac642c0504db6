using System.CommandLine;
using Gaw.PostOffice.Addresses;
using Gaw.Tool.Bridging;
using Gaw.Tool.Terminals;
using Microsoft.Extensions.Logging;

namespace Gaw.Tool.Commands;

/// <summary><c>gaw bridge</c>: callers and servers that speak TCP only, Python's among them, on an engine.</summary>
internal static class BridgeCommand
{
    public static ToolCommand Create(Terminal terminal)
    {
        Secrets secrets = new();
        Setting nats = new("--nats", "GAW_NATS") { HelpName = "address", Description = "The engine: nats://host:4222." };
        Option<string?> listen = new("--listen") { HelpName = "host:port", Description = "Take calls of TCP clients here, and send them to the workers on the engine; port 0 takes any free one." };
        Option<string[]> serve = new("--serve") { HelpName = "service=host:port", Description = "Serve this service on the engine, by the TCP server at the address; may be repeated." };
        Option<int> connections = new("--connections") { HelpName = "count", Description = "Connections to each TCP server, each of which answers one call after the other. Default: 8.", DefaultValueFactory = static _ => Bridge.DefaultConnections };
        Command command = new("bridge", "Passes calls between TCP and an engine as they are, until Ctrl+C or SIGTERM: for Python callers (--listen) and Python servers (--serve). With a secret, both sides have it.")
        {
            nats, listen, serve, connections,
        };
        secrets.AddTo(command);
        command.SetAction(RunAsync);
        return new(command, """
            gaw bridge --nats nats://127.0.0.1:4222 --listen 127.0.0.1:5555
            gaw bridge --nats nats://127.0.0.1:4222 --serve math_service=127.0.0.1:6000
            """);

        async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
        {
            string engine = nats.Read(parsed, terminal) ?? throw ToolException.Usage("gaw bridge needs --nats <address>. See gaw bridge --help.");
            EngineServices.Check(engine, nats.SourceIn(parsed));

            ServerAddress? at = parsed.GetValue(listen) is { } text ? ParseListen(text) : null;
            List<(string Service, ServerAddress Server)> served = [.. (parsed.GetValue(serve) ?? []).Select(ParseServe)];
            if (at is null && served.Count == 0)
            {
                throw ToolException.Usage("gaw bridge has nothing to do. Give --listen host:port for TCP callers, --serve service=host:port for TCP servers, or both.");
            }

            if (parsed.GetValue(connections) is < 1 or > 1000)
            {
                throw ToolException.Usage($"--connections {parsed.GetValue(connections)} is none from 1 to 1000.");
            }

            TerminalLogs log = new(terminal.Error, new LogStyle(parsed.GetValue(GlobalOptions.Verbose) ? LogLevel.Debug : LogLevel.Warning));
            ChosenSecret? secret = secrets.Read(parsed, terminal);
            GawServerOptions serverOptions = new() { LoggerFactory = log };
            GawClientOptions clientOptions = new() { LoggerFactory = log };
            await using Bridge bridge = new(engine, secret?.ApplyTo(serverOptions) ?? serverOptions, secret?.ApplyTo(clientOptions) ?? clientOptions, parsed.GetValue(connections));
            return await bridge.RunAsync(at, served, terminal, cancellationToken).ConfigureAwait(false);
        }
    }

    private static ServerAddress ParseListen(string text)
    {
        List<string> problems = [];
        List<ServerAddress> addresses = AddressParser.Read([text], forListening: true, problems);
        return problems.Count > 0 ? throw ToolException.Usage(string.Join(' ', problems))
            : addresses is [{ Scheme: ServerAddress.Tcp } one] ? one
            : throw ToolException.Usage($"--listen {string.Join(',', addresses)} is no address to listen on. Write --listen 127.0.0.1:5555.");
    }

    private static (string Service, ServerAddress Server) ParseServe(string text)
    {
        // What is no name may be an address with a password, and is not shown.
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        string service = text[..Math.Max(equals, 0)];
        if (service.Length == 0 || service.Contains("://", StringComparison.Ordinal) || service.Contains('@', StringComparison.Ordinal))
        {
            throw ToolException.Usage($"--serve {(text.Contains('@', StringComparison.Ordinal) ? "…" : text)} names no service. Write --serve math_service=127.0.0.1:6000.");
        }

        IReadOnlyList<ServerAddress> addresses = ServerAddresses.Parse(text[(equals + 1)..], out _);
        return addresses is [{ Scheme: ServerAddress.Tcp } one] ? (service, one)
            : throw ToolException.Usage($"--serve {service}={string.Join(',', addresses)} is not about one TCP server. Write --serve {service}=127.0.0.1:6000, once for each service.");
    }
}
