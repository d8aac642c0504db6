using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using Gaw.Tool.Terminals;

namespace Gaw.Tool.Running;

/// <summary>Serves classes at an address until it is told to stop. What served once keeps its port.</summary>
[RequiresUnreferencedCode(ManagedCopy.Reason)]
internal sealed class ServiceHost(string ip, int wantedPort, bool findPort, bool hasPort, string? engine, Func<GawServerOptions> getOptions, TerminalLogs logs, Terminal terminal)
{
    private const int MostPortsTried = 100;

    private readonly Lazy<GawServerOptions> _options = new(getOptions);
    private int? _port;

    /// <summary>Serves until Ctrl+C, SIGTERM or the token, then lets the calls in flight finish.</summary>
    /// <exception cref="ToolException">A class cannot be served, or the address cannot be listened on.</exception>
    public async Task<int> ServeAsync(IReadOnlyList<ServedClass> classes, CancellationToken cancellationToken)
    {
        for (int port = _port ?? wantedPort; ; port++)
        {
            await using GawServer server = Create(classes, port);
            try
            {
                if (engine is null)
                {
                    logs.Hold();
                }

                await server.RunAsync(
                    () =>
                    {
                        logs.Release();
                        _port = hasPort ? server.LocalEndPoint.Port : null;
                        terminal.Out.WriteLine($"Serving {string.Join(", ", classes.SelectMany(static c => ServiceAssembly.NamesOf(c.Type)).Distinct())} on {server.Address}. Ctrl+C stops it.");
                    },
                    cancellationToken).ConfigureAwait(false);
                return ExitCodes.Ok;
            }
            catch (Exception e) when (Forget(e))
            {
                throw;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                if (!findPort || _port is not null || port == IPEndPoint.MaxPort || port - wantedPort >= MostPortsTried)
                {
                    throw new ToolException(ExitCodes.Connection, $"Port {port} is taken on {ip}. Give another with --port (0 takes any free one), or --find-port.", e);
                }
            }
            catch (SocketException e)
            {
                throw new ToolException(ExitCodes.Connection, Explain(e, port), e);
            }
        }
    }

    /// <summary>Finds out whether the classes can be served, without listening.</summary>
    /// <exception cref="ToolException">They cannot.</exception>
    public async Task CheckAsync(IReadOnlyList<ServedClass> classes)
    {
        await using GawServer server = Create(classes, wantedPort);
    }

    /// <summary>The reason for which nothing listens.</summary>
    private string Explain(SocketException exception, int port) => exception.SocketErrorCode switch
    {
        SocketError.AccessDenied => $"Port {port} is not allowed to you. Give one above 1023 with --port.",
        SocketError.AddressNotAvailable or SocketError.HostNotFound or SocketError.NoData => $"{ip} is no address of this machine. Give 127.0.0.1, 0.0.0.0 or one of its own with --ip.",
        _ => $"{ip} cannot be listened on at port {port}: {exception.Message.TrimEnd('.')}. Give another address with --ip, or another port with --port.",
    };

    /// <summary>What was to be said of a server that does not listen is not said.</summary>
    private bool Forget(Exception exception)
    {
        logs.Release(forget: exception is SocketException);
        return false;
    }

    private GawServer Create(int port)
    {
        if (engine is null)
        {
            return new GawServer(ip, port, _options.Value);
        }

        try
        {
            return new GawServer(hasPort ? $"{(ip.Contains(':', StringComparison.Ordinal) ? $"[{ip}]" : ip)}:{port},{engine}" : engine, _options.Value);
        }
        catch (ArgumentException e)
        {
            throw ToolException.Usage(ServerAddresses.WithoutParameter(e));
        }
    }

    private GawServer Create(IReadOnlyList<ServedClass> classes, int port)
    {
        GawServer server = Create(port);
        foreach ((Type type, IReadOnlyDictionary<string, object?> arguments) in classes)
        {
            try
            {
                server.Add(type, arguments);
            }
            catch (ArgumentException e)
            {
                string others = string.Join(" ", classes.Where(c => c.Type != type).SelectMany(static c => ServiceAssembly.NamesOf(c.Type)).Distinct().Select(static name => $"--service {name}"));
                string problem = ConstructorArguments.Missing(type, arguments) ?? e.Message;
                throw new ToolException(ExitCodes.NothingToRun, others.Length == 0 ? problem : $"{problem} Or serve the others only: {others}", e);
            }
        }

        return server;
    }
}
