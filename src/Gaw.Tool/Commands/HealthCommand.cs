using System.CommandLine;
using Gaw.Tool.Terminals;
using Gaw.Tool.Values;

namespace Gaw.Tool.Commands;

/// <summary><c>gaw health</c>: an exit code for probes.</summary>
internal static class HealthCommand
{
    public static ToolCommand Create(Terminal terminal)
    {
        Option<bool> json = new("--json") { Description = ClientCommand.JsonDescription };
        Command command = ClientCommand.Create(
            "health",
            "Tells by its exit code how a server is. 0: it answers and is well. 2, 3 or 4: it is not well, since it says so, nothing listens, or no answer comes in time. 1 or 5: it cannot be told, since the command line, the secret or TLS does not fit.",
            terminal, new Connection(TimeSpan.FromSeconds(1)), RunAsync, json);
        return new(command, "gaw health 127.0.0.1:5555\ngaw health 5555 --secret-file gaw.secret; case $? in 2|3|4) systemctl restart my-service;; esac");

        async Task<int> RunAsync(ServerAccess server, CancellationToken cancellationToken)
        {
            if (server.Engine is { } engine)
            {
                return await AskWorkersAsync(engine, server.Parsed.GetValue(json), cancellationToken).ConfigureAwait(false);
            }

            Dictionary<string, object?> health;
            try
            {
                health = await server.CallAsync<Dictionary<string, object?>>("_gaw/health", cancellationToken: cancellationToken).ConfigureAwait(false);
            }
            catch (GawRemoteException e) when (Description.IsMissing(e))
            {
                // It answers, and that is what was asked.
                health = new() { ["status"] = "ok" };
            }

            terminal.Out.WriteLine(server.Parsed.GetValue(json) ? StrictJson.Write(health) : ValuePrinter.Show(health["status"], terminal.Width));
            return health["status"] is "ok" or "degraded" ? ExitCodes.Ok : ExitCodes.RemoteError;
        }

        // A line for each worker; one that is not well is enough to say so.
        async Task<int> AskWorkersAsync(EngineServices engine, bool asJson, CancellationToken cancellationToken)
        {
            bool areWell = true;
            List<object?> lines = [];
            foreach ((Nats.Directory.NatsWorker worker, Dictionary<string, object?>? answer, Exception? failure) in await engine.AskEachAsync("_gaw/health", cancellationToken).ConfigureAwait(false))
            {
                string status = answer?.GetValueOrDefault("status") as string ?? failure?.Message ?? "no answer";
                areWell &= status is "ok" or "degraded";
                lines.Add(new Dictionary<string, object?>(EngineServices.Show(worker)) { ["status"] = status });
                if (!asJson)
                {
                    // Each is on its line, whatever it calls itself.
                    terminal.Out.WriteLine(CleanText.OneLine($"{worker.Machine}  {worker.Process}  {string.Join(", ", worker.Services)}  {status}"));
                }
            }

            if (asJson)
            {
                terminal.Out.WriteLine(StrictJson.Write(lines));
            }

            return areWell ? ExitCodes.Ok : ExitCodes.RemoteError;
        }
    }
}
