using System.CommandLine;
using Gaw.Tool.Terminals;
using Gaw.Tool.Values;

namespace Gaw.Tool;

/// <summary>Where a secret comes from, and where it goes. The only place in the tool that knows what a secret is made of.</summary>
internal sealed class Secrets
{
    private const string Variable = "GAW_SECRET";

    private readonly Option<string?> _secret = new("--secret")
    {
        HelpName = "base64",
        Description = "The shared key; \"-\" reads it from stdin. Others on this machine can see it in the process list: prefer --secret-file or GAW_SECRET.",
    };

    private readonly Setting _file = new("--secret-file", "GAW_SECRET_FILE") { HelpName = "file", Description = "A file that holds the shared key, and nothing else." };

    private readonly Switch _encrypt = new("--encrypt", "GAW_ENCRYPT", "--is_encrypt") { Description = "Encrypt what is sent, not only sign it. Needs a secret." };

    public void AddTo(Command command)
    {
        command.Add(_file);
        command.Add(_secret);
        command.Add(_encrypt);
    }

    /// <summary>Whether the secret is to be read from stdin.</summary>
    public bool IsInput(ParseResult parsed) => parsed.GetValue(_secret) == "-";

    /// <summary>The secret that was given in one of the ways, the most explicit first; <see langword="null"/> for none.</summary>
    public ChosenSecret? Read(ParseResult parsed, Terminal terminal)
    {
        string? given = parsed.GetValue(_secret);
        string? file = parsed.GetValue(_file);
        if (given is not null && file is not null)
        {
            throw ToolException.Usage("Give the secret once: --secret or --secret-file.");
        }

        bool encrypt = _encrypt.Read(parsed, terminal);
        if (given is not null and not "-")
        {
            terminal.Complain("warning: a secret on the command line is seen by everybody on this machine; use --secret-file or GAW_SECRET.");
        }

        // A variable may be empty where a service manager has nothing to put into it; that is an error all the same, and not "none".
        string? variable = terminal.GetVariable(Variable);
        file ??= given is null && variable is null ? _file.Read(parsed, terminal) : null;
        string? text = given == "-" ? terminal.In.ReadLine() ?? "" : given ?? (file is not null ? TextFile.Read(file, "secret file") : variable);
        if (text is null)
        {
            return encrypt ? throw ToolException.Usage("--encrypt needs a secret. Give it with --secret-file FILE or in GAW_SECRET; gaw secret new makes one.") : null;
        }

        string source = given == "-" ? "stdin" : given is not null ? "--secret" : file ?? Variable;
        return new ChosenSecret(Parse(text.Trim(), source), encrypt);
    }

    /// <summary>A new secret, as text.</summary>
    public static string Generate(int bits) => Secret.Generate(bits).Reveal();

    /// <summary>Writes a secret into a file that nobody else on this machine can read, at no moment.</summary>
    /// <exception cref="ToolException">There is such a file already, or none can be made.</exception>
    public static void WriteNew(string file, string secret)
    {
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        try
        {
            using StreamWriter writer = new(file, new System.Text.UTF8Encoding(false), options);
            writer.Write(secret + "\n");
        }
        catch (IOException) when (File.Exists(file))
        {
            throw ToolException.Usage($"{file} is there already, and may be somebody's secret. Give another name, or delete it first.");
        }
        catch (Exception e) when (TextFile.Explains(e))
        {
            throw TextFile.NotWritten(file, e);
        }
    }

    private static Secret Parse(string text, string source)
    {
        try
        {
            return Secret.FromBase64(text);
        }
        catch (ArgumentException e)
        {
            throw new ToolException(ExitCodes.Usage, $"The secret from {source} is not the base64 text of 16, 24 or 32 bytes. gaw secret new makes one.", e);
        }
    }
}

/// <summary>A secret on its way into the options of a server or client.</summary>
internal sealed record ChosenSecret(Secret Secret, bool Encrypt)
{
    /// <summary>The options with this secret.</summary>
    public GawServerOptions ApplyTo(GawServerOptions options) => options with { Secret = Secret, Encrypt = Encrypt };

    /// <inheritdoc cref="ApplyTo(GawServerOptions)"/>
    public GawClientOptions ApplyTo(GawClientOptions options) => options with { Secret = Secret, Encrypt = Encrypt };
}
