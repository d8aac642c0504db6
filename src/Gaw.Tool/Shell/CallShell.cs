using System.Runtime.InteropServices;
using Gaw.JsonWeb.Streams.Receiving;
using Gaw.Shared;
using Gaw.Tool.Commands;
using Gaw.Tool.Terminals;
using Gaw.Tool.Values;

namespace Gaw.Tool.Shell;

/// <summary>Reads lines and makes the calls in them, until the input ends. A failure ends its line, not the shell; so does Ctrl+C.</summary>
internal sealed class CallShell(ServerAccess server, Terminal terminal)
{
    private static readonly string[] Words = ["help", "list", "describe", "exit"];

    private Completer _completer = new(Words, []);
    private volatile CancellationTokenSource? _running;
    private int _exitCode;

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        bool isInteractive = terminal is { InIsTerminal: true, OutIsTerminal: true };

        // While a call is open, Ctrl+C is the call's; it never ends the shell.
        using PosixSignalRegistration? interrupt = isInteractive ? PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt) : null;
        LineEditor? editor = null;
        if (isInteractive)
        {
            await LearnNamesAsync(cancellationToken).ConfigureAwait(false);
            terminal.Out.WriteLine($"Calls to {server.Address}, for example math_service.plus(10, b=20). Tab completes, help helps, Ctrl+C leaves a line or a call, Ctrl+D ends.");
            editor = new LineEditor(terminal.RawOut, line => _completer.Complete(line), new History(History.FileIn(terminal.GetVariable)), terminal.Keys, terminal.GetSize);
        }

        while (!cancellationToken.IsCancellationRequested)
        {
            string? line = editor is null ? await terminal.In.ReadLineAsync(cancellationToken).ConfigureAwait(false) : ReadLine(editor);
            if (line?.Trim() is null or "exit" or "quit" or "exit()" or "quit()")
            {
                break;
            }

            await RunLineInTurnAsync(line.Trim(), cancellationToken).ConfigureAwait(false);
        }

        return isInteractive ? ExitCodes.Ok : _exitCode;
    }

    /// <summary>The next line; empty for one that was left, <see langword="null"/> at the end.</summary>
    private static string? ReadLine(LineEditor editor) => editor.Read("> ") switch
    {
        { Kind: EditEnd.Closed } => null,
        { Line: { } line } => line,
    };

    private async Task RunLineInTurnAsync(string line, CancellationToken cancellationToken)
    {
        using CancellationTokenSource stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _running = stopping;
        try
        {
            await RunLineAsync(line, stopping.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            terminal.Complain("The call was interrupted.");
        }
        catch (Exception e) when (e is not OperationCanceledException && !ClosedOutput.Explains(e))
        {
            Fail(await server.ExplainAsync(e).ConfigureAwait(false), e);
        }
        finally
        {
            _running = null;
        }
    }

    private void Interrupt(PosixSignalContext signal)
    {
        signal.Cancel = true;
        try
        {
            _running?.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The call has just ended by itself.
        }
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
                DescribeCommand.Write(await Description.DescribeAsync<Description>(server, words.ElementAtOrDefault(1), cancellationToken).ConfigureAwait(false), null, terminal);
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
            using ProgressView? progress = ProgressView.For(terminal);
            using AnyResult result = await server.Client.OpenAnyAsync(path, args, kwargs, server.Calls with { Progress = progress }, cancellationToken).ConfigureAwait(false);
            if (result.IsStream)
            {
                await new ItemPrinter(terminal, asJson: false, progress).PrintAsync(result, long.MaxValue, cancellationToken).ConfigureAwait(false);
            }
            else if (result.Value is { } value)
            {
                progress?.Dispose();
                terminal.Out.WriteLine(ValuePrinter.Show(value, terminal.Width));
            }
        }
        catch (FormatException e)
        {
            string? near = line.Contains('(', StringComparison.Ordinal) ? null : NameSuggestion.FindNearest(line, Words);
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

    /// <summary>A server that does not describe itself, or an engine where nobody does, leaves the names unknown; then only commands are completed.</summary>
    private async Task LearnNamesAsync(CancellationToken cancellationToken)
    {
        try
        {
            _completer = new Completer(Words, (await Description.AskAsync<Description>(server, "_gaw/describe", null, cancellationToken).ConfigureAwait(false)).Services);
        }
        catch (Exception e) when (e is ToolException or GawRemoteException or GawSerializationException)
        {
            // Somebody was reached, so calls may work all the same. Who reaches nobody is told before the first line.
        }
    }
}
