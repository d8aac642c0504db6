using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace Gaw.Tool.Running;

/// <summary>Serves classes at an address until it is told to stop. What served once keeps its port.</summary>
[RequiresUnreferencedCode(ManagedCopy.Reason)]
internal sealed class ServiceHost(string ip, int wantedPort, bool findPort, GawServerOptions options, Terminal terminal)
{
    private const int MostPortsTried = 100;

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
                await server.RunAsync(
                    () =>
                    {
                        _port = server.LocalEndPoint.Port;
                        terminal.Out.WriteLine($"Serving {string.Join(", ", classes.SelectMany(static c => ServiceAssembly.NamesOf(c.Type)).Distinct())} on {server.LocalEndPoint}. Ctrl+C stops it.");
                    },
                    cancellationToken).ConfigureAwait(false);
                return ExitCodes.Ok;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                if (!findPort || _port is not null || port == IPEndPoint.MaxPort || port - wantedPort >= MostPortsTried)
                {
                    throw new ToolException(ExitCodes.Connection, $"Port {port} is taken on {ip}. Give another with --port (0 takes any free one), or --find-port.", e);
                }
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AccessDenied)
            {
                throw new ToolException(ExitCodes.Connection, $"Port {port} is not allowed to you. Give one above 1023 with --port.", e);
            }
            catch (SocketException e)
            {
                throw new ToolException(ExitCodes.Connection, $"{ip} is no address of this machine. Give 127.0.0.1, 0.0.0.0 or one of its own with --ip.", e);
            }
        }
    }

    /// <summary>Finds out whether the classes can be served, without listening.</summary>
    /// <exception cref="ToolException">They cannot.</exception>
    public async Task CheckAsync(IReadOnlyList<ServedClass> classes)
    {
        await using GawServer server = Create(classes, wantedPort);
    }

    private GawServer Create(IReadOnlyList<ServedClass> classes, int port)
    {
        GawServer server = new(ip, port, options);
        foreach ((Type type, IReadOnlyDictionary<string, object?> arguments) in classes)
        {
            try
            {
                server.Add(type, arguments);
            }
            catch (ArgumentException e)
            {
                string? missing = ConstructorArguments.Missing(type, arguments);
                throw new ToolException(ExitCodes.NothingToRun, missing is null ? e.Message : $"{type.Name} cannot be made without arguments for its constructor. Add --kwargs \"{missing}\".", e);
            }
        }

        return server;
    }
}
