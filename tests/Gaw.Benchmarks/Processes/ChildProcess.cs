using System.Diagnostics;
using System.Text.Json;

namespace Gaw.Benchmarks.Processes;

/// <summary>This program in a process of its own, as a server or a client. It ends when its standard input does.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    private readonly Process _process;
    private readonly string _name;

    private ChildProcess(Process process, string name)
    {
        _process = process;
        _name = name;
    }

    /// <summary>Starts a process.</summary>
    /// <param name="cpus">The CPUs that it is tied to.</param>
    /// <param name="program">An earlier build of this program; <see langword="null"/> for this one.</param>
    /// <param name="arguments">What it is to do.</param>
    public static ChildProcess Start(Cpus cpus, string? program, params string[] arguments)
    {
        ProcessStartInfo start = new(program ?? Environment.ProcessPath!, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true };
        if (cpus == Cpus.One)
        {
            // On one CPU the runtime waits ten times as long before it compiles once more what is called often (1 s without a new method in
            // place of 100 ms). The code it comes to is the same; the warm-up (Field) need not sit out the wait several times for each process.
            start.Environment["DOTNET_TC_DelaySingleProcMultiplier"] = "1";

            // With a few calls of a process's first second, the pool's hill climbing decides whether it keeps one thread or up to ten for the same work,
            // and each of them spins: 2 to 4 µs a call, by luck. Off for every peer.
            start.Environment["DOTNET_HillClimbing_Disable"] = "1";
        }

        return new ChildProcess(Placement.Start(cpus.Count, () => Process.Start(start)!), string.Join(' ', arguments));
    }

    public Task<Usage> UsageAsync() => AskAsync<Usage>(new Order(Verb.Usage));

    public async Task<T> AskAsync<T>(Order order)
    {
        await _process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(order));
        await _process.StandardInput.FlushAsync();
        return JsonSerializer.Deserialize<T>(await ReadLineAsync())!;
    }

    public async Task<string> ReadLineAsync()
    {
        try
        {
            return await _process.StandardOutput.ReadLineAsync().WaitAsync(Limit)
                ?? throw new InvalidOperationException($"The process \"{_name}\" ended in the middle; its standard error says why.");
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"The process \"{_name}\" said nothing for {Limit.TotalSeconds} seconds.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            _process.StandardInput.Close();
            await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(10));
        }
        catch (Exception e) when (e is TimeoutException or IOException)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
