using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using Gaw.Nats.Client;
using Gaw.Nats.Engine;
using Gaw.PostOffice.Addresses;

namespace Gaw.Nats.Directory;

/// <summary>Who is there on an engine, for tools: finds workers, and makes clients of a certain one. Workers are found that describe themselves: those with a secret, or that were told to.</summary>
/// <example>
/// <code>
/// await using NatsDirectory directory = NatsDirectory.Open("nats://127.0.0.1:4222", options);
/// IReadOnlyList&lt;NatsWorker&gt; workers = await directory.FindAsync("stock", cancellationToken);
/// await using GawClient client = directory.Connect(workers[0]);
/// object? stats = await client.CallAsync&lt;object?&gt;("_gaw/stats");
/// </code>
/// </example>
internal sealed class NatsDirectory : IAsyncDisposable
{
    /// <summary>Who has not answered by then is not listed.</summary>
    private static readonly TimeSpan GatherTime = TimeSpan.FromMilliseconds(300);

    private readonly NatsSettings _settings;
    private readonly GawClientOptions _options;
    private readonly NatsLink _link;
    /// <summary>A counter: the increment pairs with itself, each question has an inbox of its own.</summary>
    private int _questions;

    private NatsDirectory(NatsSettings settings, GawClientOptions options)
    {
        _settings = settings;
        _options = options;
        _link = new NatsLink(settings.CreateOptions("gaw tool", options.CarrierOptions), settings.Address.ToString());
    }

    /// <summary>Takes an address, or several of one engine parted by commas; connects with the first question.</summary>
    /// <exception cref="ArgumentException">It is no address of an engine.</exception>
    public static NatsDirectory Open(string address, GawClientOptions? options = null)
    {
        IReadOnlyList<ServerAddress> addresses = AddressParser.Parse([address], nameof(address));
        return addresses.FirstOrDefault(static one => one.Scheme != NatsSettings.Scheme) is { } other
            ? throw new ArgumentException($"\"{other}\" is no address of an engine. Give nats://host:4222.", nameof(address))
            : new NatsDirectory(NatsSettings.Read(addresses), options ?? new GawClientOptions());
    }

    /// <summary>Finds the workers that describe themselves, ordered by machine, process and name.</summary>
    /// <param name="service">Only those of this service; <see langword="null"/>: all.</param>
    /// <param name="cancellationToken">Ends the gathering.</param>
    /// <exception cref="GawConnectionException">The engine cannot be reached.</exception>
    public async Task<IReadOnlyList<NatsWorker>> FindAsync(string? service, CancellationToken cancellationToken)
    {
        await _link.ConnectAsync(cancellationToken).ConfigureAwait(false);
        ConcurrentQueue<ServiceInfo> replies = new();
        string inbox = string.Create(CultureInfo.InvariantCulture, $"{_link.InboxPrefix}find{Interlocked.Increment(ref _questions)}");
        MessageSubscription subscription = await _link.SubscribeAsync(inbox, group: null, Receive, cancellationToken).ConfigureAwait(false);
        try
        {
            await _link.PublishAsync("$SRV.INFO", default, inbox, cancellationToken).ConfigureAwait(false);
            await Task.Delay(GatherTime, _options.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await subscription.UnsubscribeAsync().ConfigureAwait(false);
        }

        return Merge(replies, service);

        ValueTask Receive(EngineMessage message)
        {
            if (ServiceInfo.Read(message.Payload.ToArray()) is { } info)
            {
                replies.Enqueue(info);
            }

            return default;
        }
    }

    /// <summary>A client of one worker: for what it says of itself, <c>_gaw/…</c>. It takes no other calls there.</summary>
    public GawClient Connect(NatsWorker worker) => Connect(new WorkerTarget(_settings.Subjects, worker.Name));

    /// <summary>A client whose calls go as ever; what a worker says of itself, <c>_gaw/…</c>, is asked of one of this service.</summary>
    public GawClient Connect(string service) => Connect(new ServiceTarget(_settings.Subjects, service));

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _link.DisposeAsync();

    private GawClient Connect(NatsTarget target) => new(ids => new NatsCarrier(_settings, target, _options, ids), _options);

    private List<NatsWorker> Merge(IEnumerable<ServiceInfo> replies, string? service) =>
    [
        .. replies.GroupBy(static info => info.Worker)
            .Select(worker => new NatsWorker(worker.Key, worker.First().Machine, worker.First().Process, GetMethods(worker)))
            .Where(worker => worker.Methods.Count > 0 && (service is null || worker.Methods.ContainsKey(service)))
            .OrderBy(static worker => worker.Machine, StringComparer.Ordinal).ThenBy(static worker => worker.Process, StringComparer.Ordinal).ThenBy(static worker => worker.Name, StringComparer.Ordinal),
    ];

    /// <summary>Of workers under another prefix no subject leads to a path.</summary>
    private Dictionary<string, IReadOnlyList<string>> GetMethods(IEnumerable<ServiceInfo> worker) => worker
        .Select(info => (Service: info.Service!, Paths: (IReadOnlyList<string>)[.. info.GetPaths(_settings.Subjects)]))
        .Where(static one => one.Paths.Count > 0).DistinctBy(static one => one.Service)
        .ToDictionary(static one => one.Service, static one => one.Paths, StringComparer.Ordinal);
}
