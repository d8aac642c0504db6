using System.CommandLine;
using Gaw.Tool.Terminals;

namespace Gaw.Tool.Commands;

/// <summary>A command of the tool, and the lines that its help shows as examples.</summary>
internal sealed record ToolCommand(Command Command, string Examples)
{
    /// <summary>The commands by their names, in the order of the help. Each is made only where it is needed: most of the time before a first answer is start-up.</summary>
    public static readonly IReadOnlyDictionary<string, Func<Terminal, ToolCommand>> All = new Dictionary<string, Func<Terminal, ToolCommand>>
    {
        ["run"] = RunCommand.Create,
        ["list"] = ListCommand.Create,
        ["describe"] = DescribeCommand.Create,
        ["call"] = CallCommand.Create,
        ["shell"] = ShellCommand.Create,
        ["generate"] = GenerateCommand.Create,
        ["bench"] = BenchCommand.Create,
        ["health"] = HealthCommand.Create,
        ["bridge"] = BridgeCommand.Create,
        ["secret"] = SecretCommand.Create,
        ["completions"] = CompletionsCommand.Create,
    };
}
