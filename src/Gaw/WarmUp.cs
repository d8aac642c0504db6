using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using System.Reflection;
using System.Runtime.CompilerServices;
using Gaw.Dispatch;
using Gaw.JsonWeb;
using Gaw.JsonWeb.Server;
using Gaw.PostOffice;
using Gaw.Scheduling;
using Gaw.Serialization;
using Gaw.Services.Discovery;
using Gaw.Services.Instances;

namespace Gaw;

/// <summary>
/// One call of each kind between a client and a server of this process, before the first that counts. The runtime loads and compiles code at its first use, for which it needs
/// descriptors: a cold process that has none left does not fail a call but ends. Where the runtime could not load an assembly for want of one, it never tries again,
/// so that each later call of that code fails. Once for each way to protect frames; nothing of it is seen by anybody's logs, counts or filters.
/// </summary>
internal static class WarmUp
{
    /// <summary>Where even this takes longer, or does not work, the server starts cold.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private static readonly Lock Gate = new();
    private static readonly Dictionary<(bool Signed, bool Encrypted), Task> Done = [];

    /// <summary>Completes when the process is warm. Never fails.</summary>
    public static Task RunAsync(PostOfficeServerOptions options)
    {
        if (!RuntimeFeature.IsDynamicCodeCompiled)
        {
            // Nothing is loaded or compiled later.
            return Task.CompletedTask;
        }

        (bool, bool) way = (options.Secret is not null, options.Encrypt);
        lock (Gate)
        {
            if (!Done.TryGetValue(way, out Task? done))
            {
                Done[way] = done = Background.RunApart(() => Task.Run(() => TryCallAsync(options.Encrypt, options.Secret is null ? null : Secret.Generate())));
            }

            return done;
        }
    }

    /// <summary>Nobody listens to this server, and nothing watches it.</summary>
    internal static PostOfficeServerOptions GetServerOptions(bool encrypt, Secret? secret) => new() { Secret = secret, Encrypt = encrypt, WatchesStalls = false, IsMeasured = false };

    /// <summary>Nobody listens to this client, and it tries once.</summary>
    internal static JsonWebClientOptions GetClientOptions(bool encrypt, Secret? secret) => new()
    {
        Secret = secret,
        Encrypt = encrypt,
        Retries = 0,
        ConnectTimeout = Limit,
        CallTimeout = Limit,
        IsMeasured = false,
    };

    /// <summary>Loads the assemblies that this library refers to, since the calls do not use all of them. What those refer to in turn is loaded as it is needed.</summary>
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "What is trimmed away is not referred to by code that is left.")]
    internal static void LoadReferences()
    {
        foreach (AssemblyName reference in typeof(WarmUp).Assembly.GetReferencedAssemblies())
        {
            try
            {
                Assembly.Load(reference);
            }
            catch (Exception e) when (e is IOException or BadImageFormatException)
            {
                // Not deployed with this program, or refused by its load context. Code that needs it says so.
            }
        }
    }

    /// <summary>The calls.</summary>
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "The values are a text and a number.")]
    internal static async Task CallAsync(PostOfficeServerOptions serverOptions, JsonWebClientOptions clientOptions, CancellationToken cancellationToken)
    {
        ValueSerializer serializer = new(types: null);
        JsonWebServer server = new("127.0.0.1", 0, serverOptions, serializer, static _ => true, "Gaw.WarmUp");
        await using (server.ConfigureAwait(false))
        {
            server.Map(Routes(serializer));
            server.Map("warm/up", static request => new(request.Args.Count == 0 ? throw new SocketException((int)SocketError.TooManyOpenSockets) : request.Args[0]));
            await server.StartAsync(cancellationToken).ConfigureAwait(false);
            JsonWebClient client = new("127.0.0.1", server.LocalEndPoint.Port, clientOptions);
            await using (client.ConfigureAwait(false))
            {
                await AskAsync(client, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicMethods, typeof(WarmService))]
    private static IEnumerable<RouteTable.Route> Routes(ValueSerializer serializer) =>
        ServiceDescriptor.Describe(typeof(WarmService), new InstanceSource(static () => new WarmService(), isExactType: true), serializer)
            .Select(static entrypoint => new RouteTable.Route(entrypoint.Path, new EntrypointHandler(entrypoint, filters: null, scopes: null)));

    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "The values are a text and a number.")]
    private static async Task AskAsync(JsonWebClient client, CancellationToken cancellationToken)
    {
        foreach (string path in (string[])["warm/up", "warm_service/join", "warm_service/join_later"])
        {
            await client.RequestAsync<object?>(path, ["text", 1.5], cancellationToken: cancellationToken).ConfigureAwait(false);
        }

        foreach (string failing in (string[])["warm/up", "warm/nothing", "warm_service/join"])
        {
            try
            {
                await client.RequestAsync<object?>(failing, cancellationToken: cancellationToken).ConfigureAwait(false);
            }
            catch (GawRemoteException)
            {
                // That is what was asked for.
            }
        }
    }

    private static async Task TryCallAsync(bool encrypt, Secret? secret)
    {
        try
        {
            LoadReferences();
            using CancellationTokenSource tooLong = new(Limit);
            await CallAsync(GetServerOptions(encrypt, secret), GetClientOptions(encrypt, secret), tooLong.Token).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // No loopback, or no descriptor to begin with. The server works all the same.
        }
    }

    /// <summary>A service as users write them, so that the way through binding and dispatch is warm, too.</summary>
    private sealed class WarmService
    {
        [Entrypoint]
        public static string Join(string text, double number, CancellationToken cancellationToken) => cancellationToken.IsCancellationRequested ? "" : $"{text}{number}";

        [Entrypoint]
        public static async Task<string> JoinLater(string text, double number)
        {
            await Task.Yield();
            return $"{text}{number}";
        }
    }
}
