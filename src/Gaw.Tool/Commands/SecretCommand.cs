using System.CommandLine;

namespace Gaw.Tool.Commands;

/// <summary><c>gaw secret new</c>: a key on stdout.</summary>
internal static class SecretCommand
{
    public static ToolCommand Create(Terminal terminal)
    {
        Option<int> bits = new("--bits") { HelpName = "bits", Description = "128, 192 or 256. Default: 256.", DefaultValueFactory = static _ => 256 };
        Command create = new("new", "Writes a new shared key to stdout.") { bits };
        create.SetAction(parsed =>
        {
            int wanted = parsed.GetValue(bits);
            if (wanted is not (128 or 192 or 256))
            {
                throw ToolException.Usage($"--bits {wanted} is no size of a key. Give 128, 192 or 256.");
            }

            terminal.Out.WriteLine(Secrets.Generate(wanted));
            return ExitCodes.Ok;
        });
        return new(new Command("secret", "Makes shared keys.") { create }, "gaw secret new > gaw.secret && chmod 600 gaw.secret");
    }
}
