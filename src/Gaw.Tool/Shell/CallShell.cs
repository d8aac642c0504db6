using Gaw.Serialization;
using Gaw.Tool.Commands;
using Gaw.Tool.Values;

namespace Gaw.Tool.Shell;

/// <summary>Reads lines and makes the calls in them, until the input ends. A failure ends its line, not the shell.</summary>
internal sealed class CallShell(ServerAccess server, Terminal terminal)
{
    private static readonly string[] Words = ["help", "list", "describe", "exit"];

    private List<string> _names = [];
    private int _exitCode;

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        bool isInteractive = terminal is { InIsTerminal: true, OutIsTerminal: true };
        LineEditor? editor = null;
        if (isInteractive)
        {
            await LearnNamesAsync(cancellationToken).ConfigureAwait(false);
            terminal.Out.WriteLine($"Calls to {server.Address}, for example math_service.plus(10, b=20). Tab completes, help helps, Ctrl+D ends.");
            editor = new LineEditor(terminal.Out, Complete);
        }

        while (!cancellationToken.IsCancellationRequested)
        {
            string? line = editor is null ? await terminal.In.ReadLineAsync(cancellationToken).ConfigureAwait(false) : editor.Read("> ");
            if (line?.Trim() is null or "exit" or "quit" or "exit()" or "quit()")
            {
                break;
            }

            try
            {
                await RunLineAsync(line.Trim(), cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                Fail(await server.ExplainAsync(e).ConfigureAwait(false), e);
            }
        }

        return isInteractive ? ExitCodes.Ok : _exitCode;
    }

    private async Task RunLineAsync(string line, CancellationToken cancellationToken)
    {
        string[] words = line.Split(' ', 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        switch (words)
        {
            case []:
            case [['#', ..], ..]:
                break;
            case ["help"]:
                terminal.Out.WriteLine("service.method(1, \"text\", name=[1, 2.5], other={\"k\": None})   calls a method; values are literals of Python or JSON");
                terminal.Out.WriteLine("list [service]   describe [service.method]   exit");
                break;
            case ["list", ..]:
                ListCommand.Write(await Description.AskAsync<List<ServiceInfo>>(server, "_gaw/list", words.ElementAtOrDefault(1), cancellationToken).ConfigureAwait(false), terminal);
                break;
            case ["describe", ..]:
                DescribeCommand.Write(await Description.AskAsync<Description>(server, "_gaw/describe", words.ElementAtOrDefault(1)?.Replace('.', '/'), cancellationToken).ConfigureAwait(false), null, terminal);
                break;
            default:
                await CallAsync(line, cancellationToken).ConfigureAwait(false);
                break;
        }
    }

    private async Task CallAsync(string line, CancellationToken cancellationToken)
    {
        try
        {
            (string path, List<object?> args, Dictionary<string, object?> kwargs) = PythonLiteral.ParseCall(line);
            object? result = await server.CallAsync<object?>(path, args, kwargs, cancellationToken).ConfigureAwait(false);
            if (result is not null)
            {
                terminal.Out.WriteLine(ValuePrinter.Show(result, terminal.Width));
            }
        }
        catch (FormatException e)
        {
            string? near = line.Contains('(', StringComparison.Ordinal) ? null : Spelling.FindNearest(line, Words);
            throw new ToolException(ExitCodes.Usage, near is null ? $"This line cannot be read: {e.Message}." : $"There is no command \"{line}\". Did you mean {near}?", e);
        }
    }

    private void Fail(ToolException known, Exception exception)
    {
        _exitCode = known.ExitCode;
        terminal.Complain(known.Message);
        if (server.Parsed.GetValue(GlobalOptions.Trace))
        {
            terminal.Error.WriteLine(exception);
        }
    }

    /// <summary>A server that does not describe itself leaves the names unknown; then nothing is completed.</summary>
    private async Task LearnNamesAsync(CancellationToken cancellationToken)
    {
        try
        {
            List<ServiceInfo> services = await Description.AskAsync<List<ServiceInfo>>(server, "_gaw/list", null, cancellationToken).ConfigureAwait(false);
            _names = [.. Words, .. services.SelectMany(static s => s.Methods).Select(static m => m.Path.Replace('/', '.') + "(")];
        }
        catch (ToolException e) when (e.ExitCode == ExitCodes.RemoteError)
        {
            _names = [.. Words];
        }
    }

    private IEnumerable<string> Complete(string start) => _names.Where(name => name.StartsWith(start, StringComparison.Ordinal));
}
