using System.CommandLine;
using Gaw.Tool.Values;

namespace Gaw.Tool.Commands;

/// <summary><c>gaw health</c>: an exit code for probes.</summary>
internal static class HealthCommand
{
    public static ToolCommand Create(Terminal terminal)
    {
        Option<bool> json = new("--json") { Description = ClientCommand.JsonDescription };
        Command command = ClientCommand.Create("health", "Tells by its exit code whether a server answers: 0 if it does.", terminal, RunAsync, json);
        return new(command, "gaw health 127.0.0.1:5555 --timeout 2s || restart-it");

        async Task<int> RunAsync(ServerAccess server, CancellationToken cancellationToken)
        {
            Dictionary<string, object?> health;
            try
            {
                health = await server.Client.CallAsync<Dictionary<string, object?>>("_gaw/health", cancellationToken: cancellationToken).ConfigureAwait(false);
            }
            catch (GawRemoteException e) when (Description.IsMissing(e))
            {
                // It answers, and that is what was asked.
                health = new() { ["status"] = "ok" };
            }

            terminal.Out.WriteLine(server.Parsed.GetValue(json) ? GawSerializer.ToJson(health) : ValuePrinter.Show(health["status"], terminal.Width));
            return Equals(health["status"], "ok") ? ExitCodes.Ok : ExitCodes.RemoteError;
        }
    }
}
