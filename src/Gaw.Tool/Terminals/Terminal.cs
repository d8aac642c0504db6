using System.Text;
using Spectre.Console;

namespace Gaw.Tool;

/// <summary>Where the tool reads and writes, and what is at the other end: a person's terminal, or a pipe.</summary>
internal sealed class Terminal
{
    /// <summary>Opens the input; most commands never read it.</summary>
    public required Func<TextReader> OpenIn { get; init; }

    public TextReader In => field ??= OpenIn();

    public required TextWriter Out { get; init; }

    public required TextWriter Error { get; init; }

    public bool InIsTerminal { get; init; }

    public bool OutIsTerminal { get; init; }

    public bool ErrorIsTerminal { get; init; }

    public int Width { get; init; } = 100;

    /// <summary>The environment.</summary>
    public Func<string, string?> GetVariable { get; init; } = Environment.GetEnvironmentVariable;

    /// <summary>Ends commands that would run on; for a process its signals do.</summary>
    public CancellationToken Stopping { get; init; }

    /// <summary>Tables and drawings, in colour unless <c>NO_COLOR</c> is set. Only where a terminal is: what it needs takes time to load.</summary>
    public IAnsiConsole Ansi => field ??= CreateAnsi();

    private bool UsesColor => OutIsTerminal && string.IsNullOrEmpty(GetVariable("NO_COLOR"));

    public static Terminal OfProcess()
    {
        bool outIsTerminal = !Console.IsOutputRedirected;
        if (OperatingSystem.IsWindows() && outIsTerminal)
        {
            Console.OutputEncoding = Encoding.UTF8;
        }

        return new Terminal
        {
            OpenIn = static () => Console.In,
            Out = Console.Out,
            Error = Console.Error,
            InIsTerminal = !Console.IsInputRedirected,
            OutIsTerminal = outIsTerminal,
            ErrorIsTerminal = !Console.IsErrorRedirected,
            Width = outIsTerminal && Console.WindowWidth is > 0 and int width ? Math.Max(40, width) : 100,
        };
    }

    private IAnsiConsole CreateAnsi()
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(Out),
            Ansi = UsesColor ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = UsesColor ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
        });
        console.Profile.Width = Width;
        return console;
    }

    /// <summary>One line for the person, beside the output.</summary>
    public void Complain(string message) => Error.WriteLine("gaw: " + string.Concat(message.ReplaceLineEndings(" ").Select(static c => char.IsControl(c) ? ' ' : c)));

    /// <summary>A text from elsewhere, fit for the output: a terminal must not take orders from it. A pipe gets it as it is.</summary>
    public string Clean(string text) => OutIsTerminal && text.Any(static c => char.IsControl(c) && c is not ('\n' or '\t'))
        ? string.Concat(text.Select(static c => char.IsControl(c) && c is not ('\n' or '\t') ? $"\\x{(int)c:x2}" : c.ToString()))
        : text;
}
