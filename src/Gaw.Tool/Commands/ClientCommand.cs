using System.CommandLine;
using System.Globalization;
using Gaw.JsonWeb.Streams.Receiving;
using Gaw.Tool.Terminals;
using Gaw.Tool.Values;

namespace Gaw.Tool.Commands;

/// <summary>What the commands that talk to a server have in common: the connection's options, and what a failure means.</summary>
internal static class ClientCommand
{
    public static readonly string JsonDescription = "Write JSON, for programs; failures as well, on stderr.";

    /// <summary>Makes a command whose first argument is the server.</summary>
    public static Command Create(string name, string description, Terminal terminal, Func<ServerAccess, CancellationToken, Task<int>> run, params Symbol[] symbols) =>
        Create(name, description, terminal, new Connection(null), run, symbols);

    /// <inheritdoc cref="Create(string, string, Terminal, Func{ServerAccess, CancellationToken, Task{int}}, Symbol[])"/>
    public static Command Create(string name, string description, Terminal terminal, Connection connection, Func<ServerAccess, CancellationToken, Task<int>> run, params Symbol[] symbols)
    {
        Command command = new(name, description);
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
            // What the tool itself writes is the same in all countries. Services that run in its process have their own.
            CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
            ServerAccess server = connection.Open(parsed, terminal);
            await using GawClient client = server.Client;
            try
            {
                return await run(server, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (!ClosedOutput.Explains(e))
            {
                throw await server.ExplainAsync(e).ConfigureAwait(false);
            }
        });
        return command;
    }
}

/// <summary>A server that a command talks to.</summary>
/// <param name="Client">The client.</param>
/// <param name="Facts">Where it is, and what the client was given for it.</param>
/// <param name="Calls">What goes with each call.</param>
/// <param name="Parsed">The command line.</param>
internal sealed record ServerAccess(GawClient Client, ServerFacts Facts, CallOptions Calls, ParseResult Parsed)
{
    public string Address => Facts.Address;

    /// <summary>The services of an engine; <see langword="null"/>: what is called is a server.</summary>
    public EngineServices? Engine { get; init; }

    /// <summary>Calls what may give a value or a stream.</summary>
    public Task<AnyResult> OpenAsync(string path, CallArguments arguments, CallOptions options, CancellationToken cancellationToken) =>
        Client.OpenAnyAsync(path, arguments.Args, arguments.Kwargs, options, cancellationToken);

    public Task<T> CallAsync<T>(string path, IReadOnlyList<object?>? args = null, IReadOnlyDictionary<string, object?>? kwargs = null, CancellationToken cancellationToken = default) =>
        Client.CallAsync<T>(path, args, kwargs, cancellationToken, Calls);

    /// <summary>What a failure means to the person at the terminal. Where only the server can tell, it is looked at once more.</summary>
    public async Task<ToolException> ExplainAsync(Exception exception) =>
        exception is GawConnectionException or GawProtocolException and not GawAuthenticationException && await Probe.ExplainAsync(Facts, exception).ConfigureAwait(false) is { } known
            ? known
            : ToolException.Of(exception, Facts.UsesSecret);
}
