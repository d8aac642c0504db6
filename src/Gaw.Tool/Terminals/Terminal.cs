using System.Text;
using Gaw.Tool.Shell;
using Spectre.Console;

namespace Gaw.Tool.Terminals;

/// <summary>Where the tool reads and writes, and what is at the other end: a person's terminal, or a pipe.</summary>
internal sealed class Terminal
{
    /// <summary>Opens the input; most commands never read it.</summary>
    public required Func<TextReader> OpenIn { get; init; }

    public TextReader In => field ??= OpenIn();

    /// <summary>Where results go. A pipe gets them as they are; a terminal takes no orders from them.</summary>
    public TextWriter Out => field ??= OutIsTerminal ? new CleanWriter(RawOut) : RawOut;

    /// <summary>Where the items of a stream go: to <see cref="Out"/>, or past the console, when they are flushed; an error where nobody reads them (<see cref="ClosedOutput"/>).</summary>
    public TextWriter Items => field ??= OpenItems?.Invoke() ?? Out;

    /// <summary>Opens the way past the console, where there is one.</summary>
    public Func<TextWriter>? OpenItems { get; init; }

    /// <summary>What is said beside the results, always to a person in the end: no orders pass.</summary>
    public TextWriter Error => field ??= new CleanWriter(RawError);

    /// <summary>For those who write a terminal's orders themselves: the line editor, drawings.</summary>
    public required TextWriter RawOut { get; init; }

    public required TextWriter RawError { get; init; }

    /// <summary>Complaints are JSON, too: a program reads them.</summary>
    public bool ComplainsInJson { get; set; }

    public bool InIsTerminal { get; init; }

    public bool OutIsTerminal { get; init; }

    public bool ErrorIsTerminal { get; init; }

    public int Width { get; init; } = 100;

    /// <summary>The process is the tool's own: it may be set up for the services, and started again.</summary>
    public bool OwnsProcess { get; init; }

    /// <summary>The keyboard, for the line editor.</summary>
    public IKeys Keys { get; init; } = new ConsoleKeys();

    /// <summary>Columns and rows of the terminal, as they are now.</summary>
    public Func<(int Width, int Height)> GetSize { get; init; } = static () => (Console.WindowWidth is > 0 and int width ? width : 80, Console.WindowHeight is > 0 and int height ? height : 24);

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
            OwnsProcess = true,
            RawOut = Console.Out,
            RawError = Console.Error,
            OpenItems = outIsTerminal || OperatingSystem.IsWindows() ? null : ClosedOutput.Open,
            InIsTerminal = !Console.IsInputRedirected,
            OutIsTerminal = outIsTerminal,
            ErrorIsTerminal = !Console.IsErrorRedirected,
            Width = outIsTerminal && Console.WindowWidth is > 0 and int width ? Math.Max(40, width) : 100,
        };
    }

    /// <summary>One line for the person, beside the output.</summary>
    public void Complain(string message) =>
        Error.WriteLine(ComplainsInJson ? GawSerializer.ToJson(new Dictionary<string, object?> { ["warning"] = message }) : "gaw: " + CleanText.OneLine(message));

    /// <summary>A text from elsewhere as a part of a drawing, which goes to the terminal past <see cref="Out"/>.</summary>
    public static string Escape(string text) => Markup.Escape(CleanText.Lines(text));

    private IAnsiConsole CreateAnsi()
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(RawOut),
            Ansi = UsesColor ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = UsesColor ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
        });
        console.Profile.Width = Width;
        return console;
    }
}
