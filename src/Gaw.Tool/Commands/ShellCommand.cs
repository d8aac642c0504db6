using System.CommandLine;
using Gaw.Tool.Shell;
using Gaw.Tool.Terminals;

namespace Gaw.Tool.Commands;

/// <summary><c>gaw shell</c>: calls, line by line.</summary>
internal static class ShellCommand
{
    public static ToolCommand Create(Terminal terminal)
    {
        Command command = ClientCommand.Create("shell", "Reads calls line by line and shows their results: math_service.plus(10, b=20).", terminal, RunAsync);
        return new(command, "gaw shell 127.0.0.1:5555\necho 'math_service.plus(10, b=20)' | gaw shell 5555");

        Task<int> RunAsync(ServerAccess server, CancellationToken cancellationToken) => new CallShell(server, terminal).RunAsync(cancellationToken);
    }
}
