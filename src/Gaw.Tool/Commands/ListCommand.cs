using System.CommandLine;
using Gaw.Tool.Terminals;
using Gaw.Tool.Values;
using Spectre.Console;

namespace Gaw.Tool.Commands;

/// <summary><c>gaw list</c>: the services and methods of a running server.</summary>
internal static class ListCommand
{
    private const int LeastForTable = 60;

    public static ToolCommand Create(Terminal terminal)
    {
        Argument<string?> service = new("service") { Arity = ArgumentArity.ZeroOrOne, Description = "Only this service." };
        Option<bool> json = new("--json") { Description = ClientCommand.JsonDescription };
        Option<bool> workers = new("--workers") { Description = "List the workers on an engine (nats://) one by one in place of the methods: machine, process, name, services." };
        Command command = ClientCommand.Create("list", "Lists the services and methods of a running server.", terminal, RunAsync, service, workers, json);
        return new(command, "gaw list 127.0.0.1:5555\ngaw list 5555 math_service\ngaw list nats://127.0.0.1:4222 --workers");

        async Task<int> RunAsync(ServerAccess server, CancellationToken cancellationToken)
        {
            string? only = server.Parsed.GetValue(service);
            if (server.Parsed.GetValue(workers))
            {
                await WriteWorkersAsync(server, only, server.Parsed.GetValue(json), terminal, cancellationToken).ConfigureAwait(false);
                return ExitCodes.Ok;
            }

            if (server.Parsed.GetValue(json))
            {
                terminal.Out.WriteLine(StrictJson.Write(await Description.AskAsync<object>(server, "_gaw/list", only, cancellationToken).ConfigureAwait(false)));
                return ExitCodes.Ok;
            }

            List<ServiceInfo> services = await Description.AskAsync<List<ServiceInfo>>(server, "_gaw/list", only, cancellationToken).ConfigureAwait(false);
            if (services.Count == 0)
            {
                terminal.Complain($"{server.Address} serves nothing yet.");
            }

            Write(services, terminal);
            return ExitCodes.Ok;
        }
    }

    /// <summary>A line for each method; a table where a person looks at it.</summary>
    public static void Write(List<ServiceInfo> services, Terminal terminal)
    {
        // A table of two columns needs some room.
        if (!terminal.OutIsTerminal || terminal.Width < LeastForTable)
        {
            foreach (MethodInfo method in services.SelectMany(static s => s.Methods))
            {
                terminal.Out.WriteLine(FullSignature(method) + (method.Doc is null ? "" : "  " + method.Doc));
            }

            return;
        }

        foreach (ServiceInfo service in services)
        {
            Table table = new Table().Border(TableBorder.Rounded).BorderColor(Color.Grey).Title($"[bold]{Terminal.Escape(service.Name)}[/]");
            if (service.Doc is not null)
            {
                table.Caption($"[grey]{Terminal.Escape(service.Doc)}[/]");
            }

            table.AddColumn("method").AddColumn("");
            foreach (MethodInfo method in service.Methods)
            {
                string rest = method.Signature[method.Name.Length..];
                table.AddRow($"[aqua]{Terminal.Escape(method.Name)}[/]{Terminal.Escape(rest)}", $"[grey]{Terminal.Escape(method.Doc ?? "")}[/]");
            }

            terminal.Ansi.Write(table);
        }
    }

    /// <summary><c>math_service/plus(a: int, b: int) -> string</c>.</summary>
    public static string FullSignature(MethodInfo method) => method.Path + method.Signature[method.Name.Length..];

    private static async Task WriteWorkersAsync(ServerAccess server, string? service, bool asJson, Terminal terminal, CancellationToken cancellationToken)
    {
        EngineServices engine = server.Engine ?? throw ToolException.Usage("--workers is for an engine: gaw list nats://host:4222 --workers.");
        IReadOnlyList<Nats.Directory.NatsWorker> workers = await engine.FindWorkersAsync(service, cancellationToken).ConfigureAwait(false);
        if (workers.Count == 0 && !asJson)
        {
            terminal.Complain($"No worker {(service is null ? "" : $"of {service} ")}at {server.Address} says what it offers. {EngineServices.WhoSays}");
        }

        if (asJson)
        {
            terminal.Out.WriteLine(StrictJson.Write(workers.Select(static worker => (object?)EngineServices.Show(worker)).ToList()));
            return;
        }

        foreach (Nats.Directory.NatsWorker worker in workers)
        {
            // Each is on its line, whatever it calls itself.
            terminal.Out.WriteLine(CleanText.OneLine($"{worker.Machine}  {worker.Process}  {worker.Name}  {string.Join(", ", worker.Services)}"));
        }
    }
}
