using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Gaw.Tests.Support;

/// <summary>A server on a free port of this machine, listening when it is handed out. Fails its test on dispose where it logged an error of its own.</summary>
public sealed class TestServer : IAsyncDisposable
{
    private readonly ErrorLog _log;

    private TestServer(GawServer server, ErrorLog log)
    {
        Server = server;
        _log = log;
    }

    public GawServer Server { get; }

    public int Port => Server.LocalEndPoint.Port;

    /// <summary>Starts a server of one service.</summary>
    public static Task<TestServer> ServingAsync<T>(params object?[] args)
        where T : class => StartAsync(server => server.Add<T>(args));

    /// <summary>Starts a server to which <paramref name="add"/> has added the services.</summary>
    public static async Task<TestServer> StartAsync(Action<GawServer> add, GawServerOptions? options = null)
    {
        ErrorLog log = new();
        GawServer server = new("127.0.0.1", 0, (options ?? new GawServerOptions()) with { LoggerFactory = log });
        add(server);
        await server.StartAsync(TestContext.Current.CancellationToken);
        return new TestServer(server, log);
    }

    /// <summary>A client of this server.</summary>
    public GawClient Connect(GawClientOptions? options = null) => new("127.0.0.1", Port, options);

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _log.Dispose();
        _log.Errors.Should().BeEmpty("the server logs an error only when it has failed itself");
    }

    /// <summary>Keeps what was logged as an error.</summary>
    private sealed class ErrorLog : ILoggerFactory, ILogger
    {
        public ConcurrentQueue<string> Errors { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel >= LogLevel.Error)
            {
                Errors.Enqueue($"{formatter(state, exception)} {exception}");
            }
        }

        public void Dispose()
        {
        }
    }
}
