using System.CommandLine;
using Gaw.Tool.Terminals;

namespace Gaw.Tool.Commands;

/// <summary><c>gaw completions</c>: a script that lets a shell complete the tool's words. The words come from the tool itself.</summary>
internal static class CompletionsCommand
{
    private static readonly Dictionary<string, string> Scripts = new()
    {
        ["bash"] = """
            # gaw: put this line into ~/.bashrc:  eval "$(gaw completions bash)"
            _gaw() {
                local IFS=$'\n'
                COMPREPLY=($(compgen -W "$(gaw "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
            }
            complete -o default -F _gaw gaw
            """,
        ["zsh"] = """
            # gaw: put this line into ~/.zshrc, after compinit:  eval "$(gaw completions zsh)"
            _gaw() {
                local words=("${(@f)$(gaw "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
                compadd -a words || _files
            }
            compdef _gaw gaw
            """,
        ["fish"] = """
            # gaw: gaw completions fish > ~/.config/fish/completions/gaw.fish
            complete -c gaw -a '(set -l line (commandline -cp); gaw "[suggest:"(string length -- $line)"]" "$line" 2>/dev/null)'
            """,
        ["pwsh"] = """
            # gaw: put this line into $PROFILE:  gaw completions pwsh | Out-String | Invoke-Expression
            Register-ArgumentCompleter -Native -CommandName gaw -ScriptBlock {
                param($word, $line, $cursor)
                gaw "[suggest:$cursor]" "$line" 2>$null | Where-Object { $_ -like "$word*" } | ForEach-Object {
                    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
                }
            }
            """,
    };

    public static ToolCommand Create(Terminal terminal)
    {
        Argument<string> shell = new("shell") { Description = "bash, zsh, fish or pwsh." };
        shell.CompletionSources.Add([.. Scripts.Keys]);
        Command command = new("completions", "Writes a completion script for a shell.") { shell };
        command.SetAction(parsed =>
        {
            string name = parsed.GetValue(shell)!;
            if (!Scripts.TryGetValue(name, out string? script))
            {
                throw ToolException.Usage($"There are no completions for {name}. Give one of {string.Join(", ", Scripts.Keys)}.");
            }

            terminal.Out.WriteLine(script);
            return ExitCodes.Ok;
        });
        return new(command, "eval \"$(gaw completions bash)\"");
    }
}
