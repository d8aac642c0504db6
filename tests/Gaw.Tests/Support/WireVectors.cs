using System.Text.Json;

namespace Gaw.Tests.Support;

/// <summary>What the original does with a recorded frame where "reads the document" is not the whole story.</summary>
public enum WireOutcome
{
    /// <summary>No document: the server answers a failure frame, the client raises.</summary>
    Refused,

    /// <summary>A readable frame whose document makes the original close the connection; a port answers an error instead.</summary>
    Closed,

    /// <summary>The original reads it; a port may refuse it (odd length lines).</summary>
    MayRefuse,

    /// <summary>The original reads it; a port must refuse it (loose padding).</summary>
    MustRefuse,
}

/// <summary>A frame recorded from the Python original.</summary>
/// <param name="Mode"><c>plain</c>, <c>signed</c> or <c>encrypted</c>.</param>
/// <param name="Secret">Base64 text, <see langword="null"/> in plain mode.</param>
/// <param name="Direction"><c>request</c> or <c>response</c>.</param>
/// <param name="Frame">The whole frame with its length line.</param>
/// <param name="Json">The exact document, <see langword="null"/> when the frame must be refused.</param>
/// <param name="ServerReplyName">For a refused request: the name in the original server's failure frame.</param>
/// <param name="ServerReplyMessage">For a refused request: the message there.</param>
/// <param name="ClientErrorName">For a refused response: the name in the original client's exception.</param>
public sealed record WireVector(
    string Name,
    string Mode,
    string? Secret,
    string Direction,
    byte[] Frame,
    string? Json,
    string Note,
    WireOutcome? Outcome,
    string? ServerReplyName,
    string? ServerReplyMessage,
    string? ClientErrorName)
{
    public bool Encrypted => Mode == "encrypted";

    public bool IsRequest => Direction == "request";

    /// <summary>What follows the length line.</summary>
    public byte[] Payload => Frame[(Array.IndexOf(Frame, (byte)'\n') + 1)..];

    /// <summary>The first 16 bytes of an encrypted payload: with them the frame can be made again byte for byte.</summary>
    public byte[]? Iv => Encrypted ? Payload[..16] : null;

    public override string ToString() => Name;
}

/// <summary>
/// The recorded frames of <c>vectors.json</c>, read once. Theory rows carry names only; a test gets its frame with <see cref="Get"/>:
/// <c>[Theory, MemberData(nameof(WireVectors.Decodable), MemberType = typeof(WireVectors))]</c>.
/// </summary>
public static class WireVectors
{
    private static readonly Lazy<Dictionary<string, WireVector>> Loaded = new(Load);

    public static IReadOnlyCollection<WireVector> All => Loaded.Value.Values;

    public static WireVector Get(string name) => Loaded.Value[name];

    /// <returns>The names of the frames that <paramref name="wanted"/> picks, one row each.</returns>
    public static IEnumerable<TheoryDataRow<string>> Rows(Func<WireVector, bool> wanted) =>
        All.Where(wanted).Select(vector => new TheoryDataRow<string>(vector.Name));

    /// <summary>All 509.</summary>
    public static IEnumerable<TheoryDataRow<string>> Everything() => Rows(_ => true);

    /// <summary>Those with a document that a port must read: not the ones it may or must refuse.</summary>
    public static IEnumerable<TheoryDataRow<string>> Decodable() =>
        Rows(vector => vector.Json is not null && vector.Outcome is not (WireOutcome.MayRefuse or WireOutcome.MustRefuse));

    /// <summary>Those that a port must refuse: without a document, or with loose padding.</summary>
    public static IEnumerable<TheoryDataRow<string>> Undecodable() => Rows(vector => vector.Json is null || vector.Outcome is WireOutcome.MustRefuse);

    /// <summary>Requests to which the original server answers a failure frame.</summary>
    public static IEnumerable<TheoryDataRow<string>> RefusedRequests() => Rows(vector => vector is { Json: null, IsRequest: true });

    /// <summary>Responses that the original client refuses.</summary>
    public static IEnumerable<TheoryDataRow<string>> RefusedResponses() => Rows(vector => vector is { Json: null, IsRequest: false });

    /// <summary>Readable requests at which the original server closes the connection.</summary>
    public static IEnumerable<TheoryDataRow<string>> ClosingRequests() => Rows(vector => vector is { Outcome: WireOutcome.Closed, IsRequest: true });

    /// <summary>Readable requests that have their recorded answer: <see cref="ResponseTo"/>.</summary>
    public static IEnumerable<TheoryDataRow<string>> AnsweredRequests() =>
        Rows(vector => vector is { Json: not null, IsRequest: true } && ResponseTo(vector) is not null);

    /// <summary>The answer that was recorded to a request, <see langword="null"/> when there was none.</summary>
    public static WireVector? ResponseTo(WireVector request) =>
        Loaded.Value.GetValueOrDefault(request.Name.Replace("/request", "/response", StringComparison.Ordinal)) is { IsRequest: false } found ? found : null;

    private static Dictionary<string, WireVector> Load()
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Support", "vectors.json")));
        return document.RootElement.GetProperty("vectors").EnumerateArray().Select(Read).ToDictionary(vector => vector.Name);
    }

    private static WireVector Read(JsonElement vector)
    {
        JsonElement? expect = Find(vector, "expect");
        JsonElement? reply = expect is { } e1 ? Find(e1, "server_reply") : null;
        JsonElement? error = expect is { } e2 ? Find(e2, "client_error") : null;
        return new WireVector(
            Text(vector, "name")!,
            Text(vector, "mode")!,
            Text(vector, "secret"),
            Text(vector, "direction")!,
            Convert.FromHexString(Text(vector, "frame_hex")!),
            Text(vector, "json"),
            Text(vector, "note")!,
            Outcome(Text(expect, "outcome")),
            Text(reply, "name"),
            Text(reply, "message"),
            Text(error, "name"));
    }

    private static WireOutcome? Outcome(string? text) => text switch
    {
        null => null,
        "refused" => WireOutcome.Refused,
        "closed" => WireOutcome.Closed,
        _ when text.Contains("must refuse", StringComparison.Ordinal) => WireOutcome.MustRefuse,
        _ when text.Contains("may refuse", StringComparison.Ordinal) => WireOutcome.MayRefuse,
        _ => throw new InvalidDataException($"vectors.json has an outcome that is not known here: {text}"),
    };

    private static JsonElement? Find(JsonElement element, string name) => element.TryGetProperty(name, out JsonElement found) ? found : null;

    private static string? Text(JsonElement? element, string name) => element is { } given ? Find(given, name)?.GetString() : null;
}
