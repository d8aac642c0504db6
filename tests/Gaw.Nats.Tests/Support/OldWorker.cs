using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Gaw.Nats.Bridging;

namespace Gaw.Nats.Tests.Support;

/// <summary>A worker that knows no streams as arguments, as a bridge to a Python server is, and one of an earlier version: it sums the numbers of a list.</summary>
internal sealed partial class OldWorker : IAsyncDisposable
{
    private readonly NatsDocumentServer _worker;

    private OldWorker(string address, string service) => _worker = new NatsDocumentServer(address, [service], AnswerAsync, new GawServerOptions());

    /// <summary>The requests that it got.</summary>
    public List<string> Requests { get; } = [];

    [GeneratedRegex("\"id\": ([0-9]+)")]
    private static partial Regex Id { get; }

    [GeneratedRegex(@"\[\[([0-9, ]*)\]\]")]
    private static partial Regex List { get; }

    public static async Task<OldWorker> StartAsync(string address, string service)
    {
        OldWorker worker = new(address, service);
        await worker._worker.StartAsync(TestContext.Current.CancellationToken);
        return worker;
    }

    public ValueTask DisposeAsync() => _worker.DisposeAsync();

    private ValueTask<ReadOnlyMemory<byte>> AnswerAsync(ReadOnlyMemory<byte> document, CancellationToken cancellationToken)
    {
        string request = Encoding.UTF8.GetString(document.Span);
        lock (Requests)
        {
            Requests.Add(request);
        }

        long sum = List.Match(request).Groups[1].Value.Split(", ", StringSplitOptions.RemoveEmptyEntries).Sum(static item => long.Parse(item, CultureInfo.InvariantCulture));
        return ValueTask.FromResult<ReadOnlyMemory<byte>>(Encoding.UTF8.GetBytes($$$"""{"_v": {"resp_to": {{{Id.Match(request).Groups[1].Value}}}, "success": true, "payload": {{{sum}}} }, "_t": "ResponseDataType"}"""));
    }
}
