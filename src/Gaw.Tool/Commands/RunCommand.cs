using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using Gaw.Tool.Running;

namespace Gaw.Tool.Commands;

/// <summary><c>gaw run</c>: serves the services of an assembly or project.</summary>
internal static class RunCommand
{
    private const int DefaultPort = 5555;
    private const int MostPortsTried = 100;

    public static ToolCommand Create(Terminal terminal)
    {
        Secrets secrets = new();
        Argument<string> target = new("target") { Description = "An assembly (.dll), a project (.csproj or its folder; it is built first), or either with :ClassName." };
        Option<string[]> services = new("--service") { HelpName = "name", Description = "Serve only this service; may be repeated." };
        Option<string?> kwargs = new("--kwargs") { HelpName = "literals", Description = "Arguments for the constructors, as Python writes them: \"hello_msg='hello!', n=3\"." };
        Option<string[]> kwarg = new("--kwarg") { HelpName = "name=value", Description = "One argument for the constructors; JSON if it parses as JSON, else text." };
        Option<string> ip = new("--ip") { HelpName = "address", Description = "Where to listen; 0.0.0.0 is everywhere. Default: 127.0.0.1.", DefaultValueFactory = static _ => "127.0.0.1" };
        Option<int> port = new("--port", "-p") { HelpName = "port", Description = "The port; 0 takes any free one. Default: 5555.", DefaultValueFactory = static _ => DefaultPort };
        Option<bool> findPort = new("--find-port") { Description = "Take the next port that is free if this one is not." };
        Option<string?> drain = new("--drain-timeout") { HelpName = "time", Description = "How long a stop waits for calls in flight: 5s, 2m. Default: 30s." };
        Command command = new("run", "Serves the services of an assembly or project until Ctrl+C or SIGTERM, then lets its calls finish.")
        {
            target, services, kwargs, kwarg, ip, port, findPort, drain,
        };
        secrets.AddTo(command);
        command.SetAction(RunAsync);
        return new(command, """
            gaw run MyServices.dll --kwargs "hello_msg='hello!'"
            gaw src/MyServices --port 0 --service math_service
            gaw MyServices.dll:MathService --ip 0.0.0.0 --secret-file gaw.secret --encrypt
            """);

        async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
        {
            GawServerOptions options = new();
            if (parsed.GetValue(drain) is { } time)
            {
                options = options with { DrainTimeout = Connection.ParseTime(time, "--drain-timeout") };
            }

            if (parsed.GetValue(GlobalOptions.Verbose))
            {
                options = options with { LoggerFactory = new TerminalLogs(terminal.Error) };
            }

            int wanted = parsed.GetValue(port);
            if (wanted is < IPEndPoint.MinPort or > IPEndPoint.MaxPort)
            {
                throw ToolException.Usage($"--port {wanted} is no port. Give one from 1 to 65535, or 0 for any free one.");
            }

            ConstructorArguments arguments = new(parsed.GetValue(kwargs), parsed.GetValue(kwarg) ?? []);
            options = secrets.Read(parsed, terminal) is { } secret ? secret.ApplyTo(options) : options;
            Target found = Target.Find(parsed.GetValue(target)!);
            string file = Path.GetExtension(found.Path) == ".csproj" ? await ProjectBuilder.BuildAsync(found.Path, terminal, cancellationToken).ConfigureAwait(false) : found.Path;
            IReadOnlyList<Type> types = ServiceAssembly.Load(file, found.ClassName, parsed.GetValue(services) ?? []);
            List<(Type Type, Dictionary<string, object?> Arguments)> all = [.. types.Select(t => (t, arguments.For(t)))];
            arguments.CheckAllTaken(types);
            return await ServeAsync(parsed.GetValue(ip)!, wanted, parsed.GetValue(findPort), options, all, terminal, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<int> ServeAsync(
        string ip, int wanted, bool findPort, GawServerOptions options, List<(Type Type, Dictionary<string, object?> Arguments)> services, Terminal terminal, CancellationToken cancellationToken)
    {
        for (int port = wanted; ; port++)
        {
            await using GawServer server = new(ip, port, options);
            foreach ((Type type, Dictionary<string, object?> arguments) in services)
            {
                Add(server, type, arguments);
            }

            try
            {
                await server.RunAsync(
                    () => terminal.Out.WriteLine($"Serving {string.Join(", ", services.SelectMany(static s => ServiceAssembly.NamesOf(s.Type)).Distinct())} on {server.LocalEndPoint}. Ctrl+C stops it."),
                    cancellationToken).ConfigureAwait(false);
                return ExitCodes.Ok;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                if (!findPort || port == IPEndPoint.MaxPort || port - wanted >= MostPortsTried)
                {
                    throw new ToolException(ExitCodes.Connection, $"Port {port} is taken on {ip}. Give another with --port (0 takes any free one), or --find-port.", e);
                }
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AccessDenied)
            {
                throw new ToolException(ExitCodes.Connection, $"Port {port} is not allowed to you. Give one above 1023 with --port.", e);
            }
            catch (SocketException e)
            {
                throw new ToolException(ExitCodes.Connection, $"{ip} is no address of this machine. Give 127.0.0.1, 0.0.0.0 or one of its own with --ip.", e);
            }
        }
    }

    private static void Add(GawServer server, Type type, Dictionary<string, object?> arguments)
    {
        try
        {
            server.Add(type, arguments);
        }
        catch (ArgumentException e)
        {
            string? missing = ConstructorArguments.Missing(type, arguments);
            throw new ToolException(ExitCodes.NothingToRun, missing is null ? e.Message : $"{type.Name} cannot be made without arguments for its constructor. Add --kwargs \"{missing}\".", e);
        }
    }
}
