using System.CommandLine;
using Gaw.Tool.Terminals;

namespace Gaw.Tool.Commands;

/// <summary><c>gaw secret new</c>: a key on stdout.</summary>
internal static class SecretCommand
{
    public static ToolCommand Create(Terminal terminal)
    {
        Option<int> bits = new("--bits") { HelpName = "bits", Description = "128, 192 or 256. Default: 256.", DefaultValueFactory = static _ => 256 };
        Option<string?> output = new("--output", "-o") { HelpName = "file", Description = "A new file that only its owner can read. Default: stdout." };
        Command create = new("new", "Makes a new shared key.") { bits, output };
        create.SetAction(parsed =>
        {
            int wanted = parsed.GetValue(bits);
            if (wanted is not (128 or 192 or 256))
            {
                throw ToolException.Usage($"--bits {wanted} is no size of a key. Give 128, 192 or 256.");
            }

            if (parsed.GetValue(output) is { } file)
            {
                Secrets.WriteNew(file, Secrets.Generate(wanted));
            }
            else
            {
                terminal.Out.WriteLine(Secrets.Generate(wanted));
            }

            return ExitCodes.Ok;
        });
        return new(new Command("secret", "Makes shared keys.") { create }, "gaw secret new --output gaw.secret");
    }
}
