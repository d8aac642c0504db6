using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Gaw.Nats.Tests.Support;

/// <summary>A <c>nats-server</c> of the tests' own, on a free port of this machine. Tests that need one are skipped where the program is not there.</summary>
public sealed class NatsEngine : IAsyncDisposable
{
    private static readonly Lock Gate = new();

    private readonly string _configuration;

    private static Task<NatsEngine>? _shared;
    private static int _prefixes;

    private Process? _process;

    private NatsEngine(int port, string settings)
    {
        Port = port;
        _configuration = Path.Combine(Path.GetTempPath(), $"gaw-nats-{Environment.ProcessId}-{port}.conf");
        File.WriteAllText(_configuration, string.Create(CultureInfo.InvariantCulture, $"listen: \"127.0.0.1:{port}\"\n{settings}\n"));
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Kill();
    }

    /// <summary>The long forms are wanted.</summary>
    public static bool IsLong => Environment.GetEnvironmentVariable("GAW_LONG_TESTS") == "1";

    public int Port { get; }

    public int ProcessId => _process!.Id;

    /// <summary>An address on an engine that is started once for all tests, with a prefix that no other test has.</summary>
    public static async Task<string> GetAddressAsync()
    {
        Task<NatsEngine> shared;
        lock (Gate)
        {
            shared = _shared ??= StartAsync();
        }

        return (await shared).NewAddress();
    }

    /// <summary>Starts an engine for one test.</summary>
    /// <param name="settings">Lines of the configuration.</param>
    public static async Task<NatsEngine> StartAsync(string settings = "")
    {
        SkipWithoutProgram();
        NatsEngine engine = new(FindFreePort(), settings);
        await engine.RestartAsync();
        return engine;
    }

    /// <summary>An address with a prefix that no other test has.</summary>
    public string NewAddress(string user = "") => string.Create(CultureInfo.InvariantCulture, $"nats://{user}127.0.0.1:{Port}?prefix=t{Interlocked.Increment(ref _prefixes)}");

    /// <summary>Starts the program, or starts it again, and waits until it listens.</summary>
    public async Task RestartAsync()
    {
        ProcessStartInfo start = new("nats-server", ["-c", _configuration]) { RedirectStandardError = true, RedirectStandardOutput = true };
        _process = Process.Start(start)!;
        _process.ErrorDataReceived += static (_, _) => { };
        _process.OutputDataReceived += static (_, _) => { };
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
        for (long until = Environment.TickCount64 + 20_000; ;)
        {
            try
            {
                using TcpClient probe = new();
                await probe.ConnectAsync(IPAddress.Loopback, Port);
                return;
            }
            catch (SocketException) when (Environment.TickCount64 < until && !_process.HasExited)
            {
                await Task.Delay(20);
            }
        }
    }

    /// <summary>Ends the program as an operator does: it closes its connections.</summary>
    public async Task StopAsync()
    {
        using Process kill = Process.Start("kill", ["-TERM", _process!.Id.ToString(CultureInfo.InvariantCulture)]);
        await _process.WaitForExitAsync();
    }

    /// <summary>Ends the program as a crash does.</summary>
    public void Kill()
    {
        if (_process is { HasExited: false })
        {
            _process.Kill();
            _process.WaitForExit();
        }
    }

    public ValueTask DisposeAsync()
    {
        Kill();
        _process?.Dispose();
        _process = null;
        File.Delete(_configuration);
        return default;
    }

    private static void SkipWithoutProgram()
    {
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        if (!folders.Any(static folder => File.Exists(Path.Combine(folder, "nats-server"))))
        {
            const string reason = "There is no nats-server on this machine: apt-get install nats-server.";

            // Set by .ci/run, where it can be had.
            Assert.False(Environment.GetEnvironmentVariable("GAW_NEEDS_NATS") == "1", reason);
            Assert.Skip(reason);
        }
    }

    private static int FindFreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
