using Gaw.Nats.Directory;

namespace Gaw.Tool;

/// <summary>What there is on an engine: nobody there knows all, so each service is asked of one of its workers, and the answers are put together.</summary>
/// <param name="address">The engine.</param>
/// <param name="options">The client's options.</param>
/// <param name="calls">What goes with each call.</param>
internal sealed class EngineServices(string address, GawClientOptions options, CallOptions calls)
{
    public const string Scheme = "nats";

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

        List<T> answers = [];
        IReadOnlyList<NatsWorker> workers = await FindAsync(directory, cancellationToken).ConfigureAwait(false);
        foreach (string service in workers.SelectMany(static worker => worker.Services).Distinct().Order(StringComparer.Ordinal))
        {
            answers.Add(await AskOneAsync<T>(directory, service, method, service, cancellationToken).ConfigureAwait(false));
        }

        return Join(answers);
    }

    /// <summary>All workers that say of themselves what they are, one by one.</summary>
    public async Task<IReadOnlyList<NatsWorker>> FindWorkersAsync(string? service, CancellationToken cancellationToken)
    {
        await using NatsDirectory directory = NatsDirectory.Open(address, options);
        return await directory.FindAsync(service, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Asks one worker after the other; what one fails with stands in its place.</summary>
    public async Task<IReadOnlyList<(NatsWorker Worker, Dictionary<string, object?>? Answer, GawException? Failure)>> AskEachAsync(string method, CancellationToken cancellationToken)
    {
        await using NatsDirectory directory = NatsDirectory.Open(address, options);
        List<(NatsWorker, Dictionary<string, object?>?, GawException?)> answers = [];
        foreach (NatsWorker worker in await FindAsync(directory, cancellationToken).ConfigureAwait(false))
        {
            await using GawClient client = directory.Connect(worker);
            try
            {
                answers.Add((worker, await client.CallAsync<Dictionary<string, object?>>(method, cancellationToken: cancellationToken, options: calls).ConfigureAwait(false), null));
            }
            catch (GawException e)
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
            : throw new ToolException(ExitCodes.Connection, "No worker on the engine says what it offers. One does with a secret, or when it is told to (gaw run --self-description always; GawServerOptions.SelfDescription). gaw call, bench and shell work all the same.");

    /// <summary>Lists of services become one list, descriptions one description; as objects, too.</summary>
    private static T Join<T>(List<T> answers) => (T)(object)(answers switch
    {
        List<List<ServiceInfo>> lists => lists.SelectMany(static list => list).ToList(),
        List<Description> all => new Description([.. all.SelectMany(static one => one.Services)], all.SelectMany(static one => one.Types).DistinctBy(static type => type.Key).ToDictionary()),
        List<object> objects when objects[0] is IDictionary<string, object?> => new Dictionary<string, object?>
        {
            ["services"] = objects.Cast<IDictionary<string, object?>>().SelectMany(static one => (IEnumerable<object?>)one["services"]!).ToList(),
            ["types"] = objects.Cast<IDictionary<string, object?>>().SelectMany(static one => (IDictionary<string, object?>)one["types"]!).DistinctBy(static type => type.Key).ToDictionary(),
        },
        List<object> objects => objects.Cast<IEnumerable<object?>>().SelectMany(static list => list).ToList(),
        _ => throw new ArgumentException($"Answers of the type {typeof(T)} cannot be put together."),
    });
}
