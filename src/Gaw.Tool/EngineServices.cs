using Gaw.Nats.Directory;
using Gaw.Nats.Engine;
using Gaw.PostOffice.Addresses;

namespace Gaw.Tool;

/// <summary>What there is on an engine: nobody there knows all, so each service is asked of one of its workers, and the answers are put together.</summary>
/// <param name="address">The engine.</param>
/// <param name="options">The client's options.</param>
/// <param name="calls">What goes with each call.</param>
/// <param name="warn">Is told what was left out.</param>
internal sealed class EngineServices(string address, GawClientOptions options, CallOptions calls, Action<string> warn)
{
    /// <summary>What to do where nobody says what he offers.</summary>
    public const string WhoSays = "One does with a secret, or when it is told to (gaw run --self-description always; GawServerOptions.SelfDescription), under the prefix of the address. gaw call, bench and shell work all the same.";

    /// <summary>So many services are asked at a time.</summary>
    private const int AskedAtOnce = 16;

    /// <summary>Says that an address is one of an engine.</summary>
    /// <exception cref="ToolException">It is not.</exception>
    public static void Check(string address, string source)
    {
        IReadOnlyList<ServerAddress> addresses = ServerAddresses.Parse(address, out _);
        if (addresses.Any(static one => one.Scheme != NatsSettings.Scheme))
        {
            throw ToolException.Usage($"{source} {string.Join(',', addresses)} is no address of an engine. Write nats://host:4222.");
        }
    }

    /// <summary>Asks for what <c>list</c> or <c>describe</c> says.</summary>
    /// <param name="method"><c>_gaw/list</c> or <c>_gaw/describe</c>.</param>
    /// <param name="only">A service or a method; <see langword="null"/>: all services.</param>
    /// <param name="cancellationToken">Ends the asking.</param>
    public async Task<T> AskAsync<T>(string method, string? only, CancellationToken cancellationToken)
    {
        await using NatsDirectory directory = NatsDirectory.Open(address, options);
        if (only is not null)
        {
            return await AskOneAsync<T>(directory, ServiceOf(only), method, only, cancellationToken).ConfigureAwait(false);
        }

        IReadOnlyList<NatsWorker> workers = await FindAsync(directory, cancellationToken).ConfigureAwait(false);
        string[] services = [.. workers.SelectMany(static worker => worker.Services).Distinct().Order(StringComparer.Ordinal)];
        T?[] answers = new T?[services.Length];
        Exception?[] failures = new Exception?[services.Length];
        await Parallel.ForAsync(0, services.Length, new ParallelOptions { MaxDegreeOfParallelism = AskedAtOnce, CancellationToken = cancellationToken }, AskAsync).ConfigureAwait(false);
        foreach ((string service, Exception? failure) in services.Zip(failures).Where(static one => one.Second is not null))
        {
            warn($"{service} is left out: {failure!.Message}");
        }

        return failures.All(static failure => failure is not null) ? throw failures[0]! : Join([.. answers.Where((_, i) => failures[i] is null).Select(static answer => answer!)]);

        // A worker that has just died, or never was, takes nothing from the others.
        async ValueTask AskAsync(int i, CancellationToken token)
        {
            try
            {
                answers[i] = await AskOneAsync<T>(directory, services[i], method, services[i], token).ConfigureAwait(false);
            }
            catch (Exception e) when (e is GawException or TimeoutException)
            {
                failures[i] = e;
            }
        }
    }

    /// <summary>A worker as an object of JSON.</summary>
    public static Dictionary<string, object?> Show(NatsWorker worker) => new()
    {
        ["machine"] = worker.Machine,
        ["process"] = worker.Process,
        ["name"] = worker.Name,
        ["services"] = worker.Services.Cast<object?>().ToList(),
    };

    /// <summary>All workers that say of themselves what they are, one by one.</summary>
    public async Task<IReadOnlyList<NatsWorker>> FindWorkersAsync(string? service, CancellationToken cancellationToken)
    {
        await using NatsDirectory directory = NatsDirectory.Open(address, options);
        return await directory.FindAsync(service, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Asks one worker after the other; what one fails with stands in its place.</summary>
    public async Task<IReadOnlyList<(NatsWorker Worker, Dictionary<string, object?>? Answer, Exception? Failure)>> AskEachAsync(string method, CancellationToken cancellationToken)
    {
        await using NatsDirectory directory = NatsDirectory.Open(address, options);
        List<(NatsWorker, Dictionary<string, object?>?, Exception?)> answers = [];
        foreach (NatsWorker worker in await FindAsync(directory, cancellationToken).ConfigureAwait(false))
        {
            await using GawClient client = directory.Connect(worker);
            try
            {
                answers.Add((worker, await client.CallAsync<Dictionary<string, object?>>(method, cancellationToken: cancellationToken, options: calls).ConfigureAwait(false), null));
            }
            catch (Exception e) when (e is GawException or TimeoutException)
            {
                answers.Add((worker, null, e));
            }
        }

        return answers;
    }

    private static string ServiceOf(string path)
    {
        int slash = path.LastIndexOf('/');
        return slash < 0 ? path : path[..slash];
    }

    private async Task<T> AskOneAsync<T>(NatsDirectory directory, string service, string method, string argument, CancellationToken cancellationToken)
    {
        await using GawClient client = directory.Connect(service);
        return await client.CallAsync<T>(method, [argument], cancellationToken: cancellationToken, options: calls).ConfigureAwait(false);
    }

    private static async Task<IReadOnlyList<NatsWorker>> FindAsync(NatsDirectory directory, CancellationToken cancellationToken) =>
        await directory.FindAsync(null, cancellationToken).ConfigureAwait(false) is { Count: > 0 } workers
            ? workers
            : throw new ToolException(ExitCodes.Connection, $"No worker on the engine says what it offers. {WhoSays}");

    /// <summary>Lists of services become one list, descriptions one description; as objects, too. What has another form came from nobody who knows Gaw, and is passed over.</summary>
    private static T Join<T>(List<T> answers) => (T)(object)(answers switch
    {
        List<List<ServiceInfo>> lists => lists.SelectMany(static list => list).ToList(),
        List<Description> all => new Description([.. all.SelectMany(static one => one.Services)], all.SelectMany(static one => one.Types).DistinctBy(static type => type.Key).ToDictionary()),
        List<object> objects when objects.OfType<IDictionary<string, object?>>().ToList() is { Count: > 0 } described => new Dictionary<string, object?>
        {
            ["services"] = described.SelectMany(static one => one.TryGetValue("services", out object? list) && list is IEnumerable<object?> services ? services : []).ToList(),
            ["types"] = described.SelectMany(static one => one.TryGetValue("types", out object? table) && table is IDictionary<string, object?> types ? types : new Dictionary<string, object?>()).DistinctBy(static type => type.Key).ToDictionary(),
        },
        List<object> objects => objects.OfType<IEnumerable<object?>>().SelectMany(static list => list).ToList(),
        _ => throw new ArgumentException($"Answers of the type {typeof(T)} cannot be put together."),
    });
}
