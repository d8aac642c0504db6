namespace Gaw.Scheduling;

/// <summary>Tasks that nobody waits for.</summary>
internal static class TaskExtensions
{
    /// <summary>Says that nobody waits for the task on purpose: it deals with its failures itself.</summary>
    public static void Forget(this Task task) => _ = task;

    /// <inheritdoc cref="Forget(Task)"/>
    public static void Forget(this ValueTask task)
    {
        if (!task.IsCompletedSuccessfully)
        {
            _ = task.AsTask();
        }
    }
}
