using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using Gaw.Tool.Running;

namespace Gaw.Tool.Commands;

/// <summary><c>gaw run</c>: serves the services of an assembly or project.</summary>
internal static class RunCommand
{
    private const int DefaultPort = 5555;

    public static ToolCommand Create(Terminal terminal)
    {
        Secrets secrets = new();
        LogOptions logs = new();
        Argument<string> target = new("target") { Description = "An assembly (.dll), a project (.csproj or its folder; it is built first), or either with :ClassName." };
        Option<string[]> services = new("--service") { HelpName = "name", Description = "Serve only this service; may be repeated." };
        Option<string?> kwargs = new("--kwargs") { HelpName = "literals", Description = "Arguments for the constructors, as Python writes them: \"hello_msg='hello!', n=3\"." };
        Option<string[]> kwarg = new("--kwarg") { HelpName = "name=value", Description = "One argument for the constructors; JSON if it parses as JSON, else text." };
        Option<string> ip = new("--ip") { HelpName = "address", Description = "Where to listen; 0.0.0.0 is everywhere. Default: 127.0.0.1.", DefaultValueFactory = static _ => "127.0.0.1" };
        Option<int> port = new("--port", "-p") { HelpName = "port", Description = "The port; 0 takes any free one. Default: 5555.", DefaultValueFactory = static _ => DefaultPort };
        Option<bool> findPort = new("--find-port") { Description = "Take the next port that is free if this one is not." };
        Option<string?> drain = new("--drain-timeout") { HelpName = "time", Description = "How long a stop waits for calls in flight: 5s, 2m. Default: 30s." };
        Option<bool> watch = new("--watch") { Description = "Serve anew when the sources change (or the .dll). Calls in flight finish first; what does not build leaves the old services as they are." };
        Command command = new("run", "Serves the services of an assembly or project until Ctrl+C or SIGTERM, then lets its calls finish.")
        {
            target, services, kwargs, kwarg, ip, port, findPort, drain, watch,
        };
        logs.AddTo(command, watch);
        secrets.AddTo(command);
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
            """);

        [RequiresUnreferencedCode(ManagedCopy.Reason)]
        async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
        {
            GawServerOptions options = new();
            if (parsed.GetValue(drain) is { } time)
            {
                options = options with { DrainTimeout = Connection.ParseTime(time, "--drain-timeout") };
            }

            LogStyle style = logs.Read(parsed, terminal);
            options = options with { LoggerFactory = new TerminalLogs(terminal.Error, style) };
            int wanted = parsed.GetValue(port);
            if (wanted is < IPEndPoint.MinPort or > IPEndPoint.MaxPort)
            {
                throw ToolException.Usage($"--port {wanted} is no port. Give one from 1 to 65535, or 0 for any free one.");
            }

            options = secrets.Read(parsed, terminal) is { } secret ? secret.ApplyTo(options) : options;
            ServiceSource source = new(Target.Find(parsed.GetValue(target)!), parsed.GetValue(services) ?? [], parsed.GetValue(kwargs), parsed.GetValue(kwarg) ?? [], terminal);
            ServiceHost host = new(parsed.GetValue(ip)!, wanted, parsed.GetValue(findPort), options, terminal);
            return parsed.GetValue(watch)
                ? await WatchAsync(host, source, terminal, cancellationToken).ConfigureAwait(false)
                : await host.ServeAsync(await source.LoadAsync(cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        }
    }

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
