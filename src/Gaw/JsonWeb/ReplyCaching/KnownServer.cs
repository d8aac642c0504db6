namespace Gaw.JsonWeb.ReplyCaching;

/// <summary>What a .NET server has said of itself on a connection.</summary>
/// <param name="Identity">What requests have to name (<see cref="Audience"/>); 0: it wants no name.</param>
/// <param name="Keeping">Its kept replies; <see langword="null"/>: it keeps none, or nobody has asked.</param>
internal sealed record KnownServer(long Identity, ReplyCachePeer? Keeping)
{
    private static readonly KnownServer Nothing = new(0, null);

    /// <summary>It takes arguments that are streams; <see langword="null"/>: nobody has asked.</summary>
    public bool? TakesStreams { get; private init; }

    /// <summary>What is known after the server was asked whether it takes streams.</summary>
    public static KnownServer After(KnownServer? before, bool takesStreams) => (before ?? Nothing) with { TakesStreams = takesStreams };

    /// <summary>What is known after a reply with <c>meta</c>. Only the first one on a connection says what it does not say.</summary>
    /// <param name="before">What was known.</param>
    /// <param name="identity">What the reply states; 0: nothing.</param>
    public static KnownServer After(KnownServer? before, long identity) =>
        identity == 0 || before?.Identity == identity ? before ?? Nothing : new KnownServer(identity, before?.Keeping) { TakesStreams = before?.TakesStreams };
}
