using System.CommandLine;
using System.Text;
using Gaw.Tool.Generating;
using Gaw.Tool.Terminals;
using Gaw.Tool.Values;

namespace Gaw.Tool.Commands;

/// <summary><c>gaw generate</c>: client code from a running server.</summary>
internal static class GenerateCommand
{
    public static ToolCommand Create(Terminal terminal)
    {
        Option<string> space = new("--namespace") { HelpName = "name", Description = "The namespace. Default: GawServices.", DefaultValueFactory = static _ => "GawServices" };
        Command command = new("generate", "Writes client code for the services of a running server.")
        {
            CreateFor("csharp", "Writes C# interfaces for GawClient.For<T>(), with the records in their signatures.", terminal,
                (description, server, again) => CSharpGenerator.Generate(description, CheckNamespace(server.Parsed.GetValue(space)!), again), space),
            CreateFor("python", "Writes a Python module that calls the services, and needs nothing but Python (with --encrypt, cryptography or pycryptodome as well).", terminal,
                (description, server, again) =>
                {
                    if (!server.Facts.IsOneServer)
                    {
                        throw ToolException.Usage($"A Python module calls one server, and {server.Address} is none. Give host:port; for an engine that of a gaw bridge.");
                    }

                    bool encrypts = server.Facts.Encrypts;
                    if (encrypts)
                    {
                        terminal.Complain("the module encrypts, and needs the package cryptography or pycryptodome where it runs: pip install cryptography.");
                    }

                    return PythonGenerator.Generate(description, server.Facts, encrypts, again);
                }),
        };
        return new(command, "gaw generate csharp 127.0.0.1:5555 -o IMathService.cs\ngaw generate python 127.0.0.1:5555 -o math_client.py");
    }

    private static string CheckNamespace(string name) =>
        name.Split('.').All(static part => part.Length > 0 && !char.IsDigit(part[0]) && part.All(static c => char.IsLetterOrDigit(c) || c == '_'))
            ? name
            : throw ToolException.Usage($"--namespace {name} is no namespace. Write names with dots between them: My.Services.");

    private static Command CreateFor(string language, string text, Terminal terminal, Func<Description, ServerAccess, string, string> generate, params Option[] options)
    {
        Argument<string?> service = new("service") { Arity = ArgumentArity.ZeroOrOne, Description = "Only this service." };
        Option<string?> output = new("--output", "-o") { HelpName = "file", Description = "The file to write. Default: stdout." };
        return ClientCommand.Create(language, text, terminal, RunAsync, [service, output, .. options]);

        async Task<int> RunAsync(ServerAccess server, CancellationToken cancellationToken)
        {
            string? only = server.Parsed.GetValue(service);
            Description description = DescriptionCheck.Check(await Description.AskAsync<Description>(server, "_gaw/describe", only, cancellationToken).ConfigureAwait(false));
            string? file = server.Parsed.GetValue(output);
            string given = string.Concat(options.Select(option => server.Parsed.GetResult(option) is { Implicit: false, Tokens: [{ Value: string value }] } ? $" {option.Name} {value}" : ""));
            string again = $"gaw generate {language} {server.Address}{(only is null ? "" : " " + only)}{given}{server.Facts.Options}{(file is null ? "" : " -o " + Path.GetFileName(file))}";
            string code = generate(description, server, again);
            if (file is null)
            {
                await terminal.Out.WriteAsync(code).ConfigureAwait(false);
                return ExitCodes.Ok;
            }

            try
            {
                await File.WriteAllTextAsync(file, code, new UTF8Encoding(false), cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (TextFile.Explains(e))
            {
                throw TextFile.NotWritten(file, e);
            }

            return ExitCodes.Ok;
        }
    }
}
