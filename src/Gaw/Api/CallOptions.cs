namespace Gaw;

/// <summary>
/// Options of one call, in place of those of its client. Given to <c>CallAsync</c>, among the arguments of a call through <c>dynamic</c>, or to a parameter
/// of this type in a typed client's interface. It is not sent; a method that implements such an interface gets <see langword="null"/>.
/// </summary>
public sealed record CallOptions
{
    /// <summary>
    /// The deadline: how long the call may take in all, from when it is made. Connecting, filters, pauses and all further attempts are in it; each attempt has what is left of it. The
    /// server cancels the method's token after it. Of a stream, the time for all of it; the client's <c>CallTimeout</c> is the longest silence then. Default: the client's <c>CallTimeout</c>.
    /// </summary>
    public TimeSpan? Timeout
    {
        get;
        init => field = value is null || value == System.Threading.Timeout.InfiniteTimeSpan || (value > TimeSpan.Zero && value.Value.TotalMilliseconds < int.MaxValue)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "Give Timeout a duration above zero and below 24 days, or Timeout.InfiniteTimeSpan for never.");
    }

    /// <summary>Running the method twice has the same effect as once, so the call is sent again when its reply was lost. Default: <see langword="false"/>.</summary>
    public bool Idempotent { get; init; }

    /// <summary>
    /// Of a call whose result is a stream: how many items the server may make before they are asked for, 1 or more. 1 is for items whose making has an effect, such as taking from a queue: each is
    /// made when it is asked for. Default: as many as fit into 256 KiB.
    /// </summary>
    public int? ReadAhead
    {
        get;
        init => field = value is null or >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "Give ReadAhead at least 1, or leave it out.");
    }

    /// <summary>Texts that travel beside the arguments, for the server's <see cref="GawCallContext.Metadata"/>; a Python server ignores them. Default: none.</summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary>
    /// Callback for the metadata that the server sent beside the result or the error (<see cref="GawCallContext.ResponseMetadata"/>). Called only if there is
    /// some, before the call ends, on the thread that ends it. Must not block. An exception of the callback becomes that of the call. Default: none.
    /// </summary>
    public Action<IReadOnlyDictionary<string, string>>? OnResponseMetadata { get; init; }

    /// <summary>
    /// Gets what the method says of its progress, where it has an <see cref="IProgress{T}"/>: the newest state, at most one report in 50 ms, one after the other, the last one before the call ends.
    /// For calls without an interface; one with an interface has a parameter for it. The values have the types that they have by themselves. A report that blocks holds up the end of its call
    /// and nothing else; what it throws is logged. A Python method never reports. Default: none.
    /// </summary>
    public IProgress<object?>? Progress { get; init; }

    /// <summary>The same, with the type that the parameter of an interface gives it.</summary>
    internal ProgressTarget? Reports { get; init; }
}
