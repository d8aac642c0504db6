using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using Gaw.Tool.Running;
using Gaw.Tool.Terminals;

namespace Gaw.Tool.Commands;

/// <summary><c>gaw run</c>: serves the services of an assembly or project.</summary>
internal static class RunCommand
{
    private const int DefaultPort = 5555;

    public static ToolCommand Create(Terminal terminal)
    {
        Secrets secrets = new();
        LogOptions logs = new();
        ServerTlsOptions tls = new();
        Argument<string> target = new("target") { Description = "An assembly (.dll), a project (.csproj or its folder; it is built first), or either with :ClassName." };
        Option<string[]> services = new("--service") { HelpName = "name", Description = "Serve only this service; may be repeated." };
        Option<string?> kwargs = new("--kwargs") { HelpName = "literals", Description = "Arguments for the constructors, as Python writes them: \"hello_msg='hello!', n=3\"." };
        Option<string[]> kwarg = new("--kwarg") { HelpName = "name=value", Description = "One argument for the constructors; JSON if it parses as JSON, else text." };
        Setting ip = new("--ip", "GAW_IP") { HelpName = "address", Description = "Where to listen; 0.0.0.0 is everywhere. Default: 127.0.0.1." };
        Setting port = new("--port", "GAW_PORT") { HelpName = "port", Description = "The port; 0 takes any free one. Default: 5555." };
        port.Aliases.Add("-p");
        Setting nats = new("--nats", "GAW_NATS") { HelpName = "address", Description = "Serve on an engine, nats://host:4222; on a port as well only with --port or --ip." };
        Option<bool> findPort = new("--find-port") { Description = "Take the next port that is free if this one is not." };
        Setting drain = new("--drain-timeout", "GAW_DRAIN_TIMEOUT") { HelpName = "time", Description = "How long a stop waits for calls in flight: 5s, 2m. Default: 30s." };
        Setting describes = new("--self-description", "GAW_SELF_DESCRIPTION") { HelpName = "when", Description = "Whether list, describe and generate get an answer: always, never, or auto, which is on this machine or with a secret. Default: auto." };
        Option<string?> configuration = new("--configuration", "-c") { HelpName = "name", Description = "What a project is built as: Debug or Release. Default: Debug." };
        Option<bool> watch = new("--watch") { Description = "Serve anew when the sources change (or what lies beside the .dll). Calls in flight finish first; what does not build leaves the old services as they are." };
        Command command = new("run", "Serves the services of an assembly or project until Ctrl+C or SIGTERM, then lets its calls finish.")
        {
            target, services, kwargs, kwarg, ip, port, nats, findPort, drain, describes, configuration, watch,
        };
        logs.AddTo(command, watch);
        secrets.AddTo(command);
        tls.AddTo(command);
        if (ManagedCopy.IsThisProgram)
        {
            command.SetAction(RunAsync);
        }
        else
        {
            command.SetAction((_, _) => ManagedCopy.RunAsync(terminal));
        }

        return new(command, """
            gaw run MyServices.dll --kwargs "hello_msg='hello!'"
            gaw src/MyServices --port 0 --service math_service
            gaw src/MyServices --watch
            gaw MyServices.dll:MathService --ip 0.0.0.0 --secret-file gaw.secret --encrypt
            gaw MyServices.dll --ip 0.0.0.0 --tls-cert cert.pem --tls-key key.pem
            gaw MyServices.dll --nats nats://127.0.0.1:4222 --secret-file gaw.secret
            """);

        [RequiresUnreferencedCode(ManagedCopy.Reason)]
        async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
        {
            TerminalLogs log = new(terminal.Error, logs.Read(parsed, terminal));
            GawServerOptions options = new() { LoggerFactory = log, SelfDescription = ParsePolicy(describes.Read(parsed, terminal), describes.SourceIn(parsed)), Tls = tls.Read(parsed, terminal) };
            if (drain.Read(parsed, terminal) is { } time)
            {
                options = options with { DrainTimeout = Connection.ParseTime(time, drain.SourceIn(parsed)) };
            }

            // Stdin is read once, by the process that serves; everything else is checked before a build takes its time.
            ChosenSecret? secret = secrets.IsInput(parsed) ? null : secrets.Read(parsed, terminal);
            string? engine = ParseEngine(nats.Read(parsed, terminal), nats.SourceIn(parsed));
            (string? host, string? wanted) = (ip.Read(parsed, terminal), port.Read(parsed, terminal));
            bool hasPort = engine is null || host is not null || wanted is not null;
            ServiceHost serving = new(host ?? "127.0.0.1", ParsePort(wanted, port.SourceIn(parsed)), parsed.GetValue(findPort), hasPort, engine, Secured, log, terminal);
            ServiceSource source = new(
                Target.Find(parsed.GetValue(target)!), parsed.GetValue(services) ?? [], parsed.GetValue(configuration),
                () => new ConstructorArguments(parsed.GetValue(kwargs), parsed.GetValue(kwarg) ?? [], log), terminal);
            try
            {
                return parsed.GetValue(watch)
                    ? await WatchAsync(serving, source, terminal, cancellationToken).ConfigureAwait(false)
                    : await serving.ServeAsync(await source.LoadAsync(cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
            }
            catch (RestartException restart)
            {
                return await ManagedCopy.RestartAsync(restart.Plan, terminal).ConfigureAwait(false);
            }

            GawServerOptions Secured() => (secret ?? secrets.Read(parsed, terminal)) is { } chosen ? chosen.ApplyTo(options) : options;
        }
    }

    private static int ParsePort(string? text, string source) =>
        text is null ? DefaultPort
        : !int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int port) ? throw ToolException.Usage($"{source} {text} is no whole number. See gaw run --help.")
        : port is < IPEndPoint.MinPort or > IPEndPoint.MaxPort ? throw ToolException.Usage($"{source} {port} is no port. Give one from 1 to 65535, or 0 for any free one.")
        : port;

    private static string? ParseEngine(string? text, string source)
    {
        if (text is not null)
        {
            EngineServices.Check(text, source);
        }

        return text;
    }

    private static SelfDescriptionPolicy ParsePolicy(string? text, string source) => text?.ToLowerInvariant() switch
    {
        null or "auto" => SelfDescriptionPolicy.Auto,
        "always" => SelfDescriptionPolicy.Always,
        "never" => SelfDescriptionPolicy.Never,
        _ => throw ToolException.Usage($"{source} {text} is none of always, never and auto."),
    };

    /// <summary>Serves, and serves anew when something has changed. A version that has been served stays in memory: nothing can be known of what it has left running.</summary>
    [RequiresUnreferencedCode(ManagedCopy.Reason)]
    private static async Task<int> WatchAsync(ServiceHost host, ServiceSource source, Terminal terminal, CancellationToken cancellationToken)
    {
        using ChangeWatcher watcher = new();
        IReadOnlyList<ServedClass> served;
        try
        {
            served = await source.LoadWatchedAsync(watcher, cancellationToken).ConfigureAwait(false);
        }
        catch (ToolException e) when (e.ExitCode == ExitCodes.NothingToRun)
        {
            terminal.Complain($"{e.Message} Waiting for a change.");
            try
            {
                served = await NextAsync("Waiting for another change.", cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return ExitCodes.Ok;
            }
        }

        while (true)
        {
            using CancellationTokenSource replaced = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            Task<int> serving = host.ServeAsync(served, replaced.Token);
            Task<IReadOnlyList<ServedClass>> next = NextAsync("The old services go on.", replaced.Token);
            bool ends = await Task.WhenAny(serving, next).ConfigureAwait(false) == serving;
            await replaced.CancelAsync().ConfigureAwait(false);
            int exitCode = await serving.ConfigureAwait(false);
            if (ends || cancellationToken.IsCancellationRequested)
            {
                return exitCode;
            }

            served = await next.ConfigureAwait(false);
        }

        async Task<IReadOnlyList<ServedClass>> NextAsync(string otherwise, CancellationToken stopping)
        {
            while (true)
            {
                terminal.Complain($"{await watcher.NextAsync(stopping).ConfigureAwait(false)} has changed.");
                try
                {
                    IReadOnlyList<ServedClass> changed = await source.LoadWatchedAsync(watcher, stopping).ConfigureAwait(false);
                    await host.CheckAsync(changed).ConfigureAwait(false);
                    return changed;
                }
                catch (ToolException e)
                {
                    terminal.Complain($"{e.Message} {otherwise}");
                }
            }
        }
    }
}
