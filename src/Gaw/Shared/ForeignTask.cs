namespace Gaw.Shared;

/// <summary>
/// Tasks that code of the service or the caller has given: from now on they can be awaited. Behind a <see cref="ValueTask"/> may be a source of that code's own. What its
/// <c>OnCompleted</c> throws, as many do when they are awaited twice, <c>await</c> throws on the pool, which ends the process; and a continuation that it calls
/// twice would go on with another call's state.
/// </summary>
internal static class ForeignTask
{
    /// <summary>Costs nothing where the task is done, or a <see cref="Task"/> is behind it.</summary>
    /// <exception cref="Exception">What the source throws when it is asked.</exception>
    public static ValueTask Guard(ValueTask given) => given.IsCompletedSuccessfully ? given : new ValueTask(given.AsTask());

    /// <inheritdoc cref="Guard"/>
    public static ValueTask<T> Guard<T>(ValueTask<T> given) => given.IsCompletedSuccessfully ? given : new ValueTask<T>(given.AsTask());
}
