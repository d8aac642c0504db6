namespace Gaw.Nats.Client;

/// <summary>What <see cref="CallWatch"/> wants done.</summary>
internal sealed class CallWatchResult
{
    public List<OpenCall> Overdue { get; } = [];

    public List<OpenCall> Lost { get; } = [];

    public List<Question> Questions { get; } = [];
}

/// <summary>One message that asks who has calls, or whether a worker still has them.</summary>
/// <param name="Everybody">The subject of all that may have them; <see langword="null"/>: <see cref="Worker"/> is asked.</param>
/// <param name="Number">Stands in the subject of the notice.</param>
/// <param name="Keys">The calls.</param>
internal sealed record Question(string? Everybody, int Number, IReadOnlyList<int> Keys)
{
    public string? Worker { get; init; }
}
