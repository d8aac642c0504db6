using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Gaw.Tests.Support;

namespace Gaw.Nats.Tests.Support;

/// <summary>A worker in a process of its own, which can be stopped and killed.</summary>
public sealed class WorkerProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly TaskCompletionSource _up = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentQueue<int> _runs = new();

    private WorkerProcess(Process process)
    {
        _process = process;
        _process.OutputDataReceived += (_, e) => Note(e.Data);
        _process.ErrorDataReceived += static (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Kill();
    }

    /// <summary>The numbers of the calls that it has begun.</summary>
    public IReadOnlyCollection<int> Runs => _runs;

    /// <summary>What it takes of the machine's memory.</summary>
    public long WorkingSetBytes
    {
        get
        {
            lock (_runs)
            {
                _process.Refresh();
                return _process.WorkingSet64;
            }
        }
    }

    public static async Task<WorkerProcess> StartAsync(string address, int maxConcurrentCalls = int.MaxValue)
    {
        string program = Path.Combine(AppContext.BaseDirectory.Replace("Gaw.Nats.Tests", "Gaw.Nats.Worker", StringComparison.Ordinal), "Gaw.Nats.Worker");
        Process process = Process.Start(new ProcessStartInfo(program, [address, maxConcurrentCalls.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        WorkerProcess worker = new(process);
        await worker._up.Task.WithinAsync(TestTimeouts.Limit, static () => "the worker did not start");
        return worker;
    }

    /// <summary>Stops it as an operator does, and waits for its end.</summary>
    public async Task StopAsync()
    {
        using Process kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await _process.WaitForExitAsync().WithinAsync(TestTimeouts.Limit, static () => "the worker did not stop");
    }

    /// <summary>Kills it as a crash does.</summary>
    public void Kill()
    {
        try
        {
            _process.Kill();
            _process.WaitForExit();
        }
        catch (InvalidOperationException)
        {
            // It has ended.
        }
    }

    public ValueTask DisposeAsync()
    {
        Kill();
        _process.Dispose();
        return default;
    }

    private void Note(string? line)
    {
        if (line == "up")
        {
            _up.TrySetResult();
        }
        else if (line?.StartsWith("run ", StringComparison.Ordinal) == true)
        {
            _runs.Enqueue(int.Parse(line.AsSpan(4), CultureInfo.InvariantCulture));
        }
    }
}
