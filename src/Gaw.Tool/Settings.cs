using System.CommandLine;
using Gaw.Tool.Terminals;

namespace Gaw.Tool;

/// <summary>An option that the environment can give as well; the command line goes first.</summary>
internal sealed class Setting(string name, string variable) : Option<string?>(name), ISetting
{
    public string Variable => variable;

    /// <summary>What was given; <see langword="null"/> for nothing. An empty variable is nothing.</summary>
    public string? Read(ParseResult parsed, Terminal terminal) => parsed.GetValue(this) ?? (terminal.GetVariable(variable) is { Length: > 0 } given ? given : null);

    /// <summary>Where the value came from, for what is said of it.</summary>
    public string SourceIn(ParseResult parsed) => parsed.GetValue(this) is null ? variable : Name;
}

/// <summary>An option without a value that the environment can give as well: 1 or 0.</summary>
internal sealed class Switch(string name, string variable, params string[] aliases) : Option<bool>(name, aliases), ISetting
{
    public string Variable => variable;

    /// <exception cref="ToolException">The variable is neither on nor off.</exception>
    public bool Read(ParseResult parsed, Terminal terminal) =>
        parsed.GetResult(this) is { Implicit: false } ? parsed.GetValue(this) : terminal.GetVariable(variable)?.ToLowerInvariant() switch
        {
            null or "" or "0" or "false" or "no" or "off" => false,
            "1" or "true" or "yes" or "on" => true,
            { } other => throw ToolException.Usage($"{variable}={other} is neither on nor off. Write {variable}=1 or {variable}=0."),
        };
}
