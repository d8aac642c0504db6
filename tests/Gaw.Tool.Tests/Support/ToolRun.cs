using System.Threading.Channels;
using Gaw.Tests.Support;
using Gaw.Tool.Terminals;

namespace Gaw.Tool.Tests.Support;

/// <summary>One run of the tool within this process: what it wrote, and its exit code.</summary>
public sealed record ToolRun(int ExitCode, string Out, string Error)
{
    /// <summary>Runs the tool to its end, with pipes at its ends.</summary>
    public static Task<ToolRun> RunAsync(params string[] args) => RunAsync(args, input: "");

    /// <summary>Runs the tool to its end.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="input">What it reads.</param>
    /// <param name="variables">The environment; nothing else is in it.</param>
    /// <param name="terminal">Whether a person sits at it.</param>
    public static async Task<ToolRun> RunAsync(string[] args, string input = "", Dictionary<string, string>? variables = null, bool terminal = false)
    {
        StringWriter output = new() { NewLine = "\n" };
        StringWriter error = new() { NewLine = "\n" };
        int exitCode = await GawTool.RunAsync(args, CreateTerminal(output, error, input, variables, terminal)).WithinAsync(TestTimeouts.Limit, () => $"gaw {string.Join(' ', args)} did not end; it wrote {output}{error}");
        return new ToolRun(exitCode, output.ToString(), error.ToString());
    }

    /// <summary>Starts <c>gaw run</c> and waits for its first line.</summary>
    public static Task<ServingTool> ServeAsync(params string[] args) => ServeAsync(new LineWriter(), args);

    /// <inheritdoc cref="ServeAsync(string[])"/>
    /// <param name="error">Gets what it complains of before, as well.</param>
    /// <param name="args">The command line.</param>
    public static async Task<ServingTool> ServeAsync(LineWriter error, params string[] args)
    {
        LineWriter output = new();
        CancellationTokenSource stopping = new();
        Task<int> running = GawTool.RunAsync(args, CreateTerminal(output, error, "", null, terminal: false, stopping.Token));
        Task<string> written = output.NextAsync();
        await Task.WhenAny(running, written).WithinAsync(TimeSpan.FromMinutes(2), () => $"gaw {string.Join(' ', args)} wrote nothing");
        return written.IsCompleted
            ? new ServingTool(running, stopping, await written, output, error)
            : throw new InvalidOperationException($"gaw ended with {await running}: {await error.NextAsync()}");
    }

    private static Terminal CreateTerminal(TextWriter output, TextWriter error, string input, Dictionary<string, string>? variables, bool terminal, CancellationToken stopping = default) => new()
    {
        OpenIn = () => new StringReader(input),
        RawOut = output,
        RawError = error,
        OutIsTerminal = terminal,
        // A probe's second is too short for a machine that runs all tests at once.
        GetVariable = name => variables?.GetValueOrDefault(name) ?? (name == "GAW_TIMEOUT" ? "60s" : null),
        Stopping = stopping,
    };
}

/// <summary>Lines that are written, one after the other.</summary>
public sealed class LineWriter : StringWriter
{
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();

    /// <summary>Waits for the next line; for as long as a build on a busy machine may take.</summary>
    public Task<string> NextAsync() => _lines.Reader.ReadAsync().AsTask().WithinAsync(TimeSpan.FromMinutes(5), static () => "no line came");

    public override void WriteLine(string? value) => _lines.Writer.TryWrite(value ?? "");
}

/// <summary>A tool that serves; stopped and its exit code checked on dispose.</summary>
public sealed class ServingTool(Task<int> running, CancellationTokenSource stopping, string firstLine, LineWriter output, LineWriter error) : IAsyncDisposable
{
    public string FirstLine => firstLine;

    public LineWriter Out => output;

    public LineWriter Error => error;

    public int Port => int.Parse(firstLine[(firstLine.LastIndexOf(':') + 1)..].Split('.')[0], System.Globalization.CultureInfo.InvariantCulture);

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        (await running.WithinAsync(TestTimeouts.Limit, () => "the server did not stop")).Should().Be(0, "a stop that was asked for is no failure");
        stopping.Dispose();
    }
}
