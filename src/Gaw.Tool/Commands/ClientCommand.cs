using System.CommandLine;

namespace Gaw.Tool.Commands;

/// <summary>What the commands that talk to a server have in common: the connection's options, and what a failure means.</summary>
internal static class ClientCommand
{
    public static readonly string JsonDescription = "Write JSON, for programs.";

    /// <summary>Makes a command whose first argument is the server.</summary>
    public static Command Create(string name, string description, Terminal terminal, Func<ServerAccess, CancellationToken, Task<int>> run, params Symbol[] symbols)
    {
        Command command = new(name, description);
        Connection connection = new();
        foreach (Symbol symbol in symbols)
        {
            if (symbol is Argument argument)
            {
                command.Add(argument);
            }
            else
            {
                command.Add((Option)symbol);
            }
        }

        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using GawClient client = connection.Open(parsed, terminal, out bool usesSecret);
            try
            {
                return await run(new ServerAccess(client, connection.AddressOf(parsed), parsed, usesSecret), cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e)
            {
                throw ToolException.Of(e, usesSecret);
            }
        });
        return command;
    }
}

/// <summary>A server that a command talks to.</summary>
internal sealed record ServerAccess(GawClient Client, string Address, ParseResult Parsed, bool UsesSecret);
