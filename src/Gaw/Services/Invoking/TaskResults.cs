using Gaw.Shared;

namespace Gaw.Services.Invoking;

/// <summary>Puts what a method's task gives into the slot of its result.</summary>
internal static class TaskResults
{
    /// <summary>At once, where the task is done.</summary>
    public static ValueTask Keep<T>(ResultSlot<T> slot, ValueTask<T> task)
    {
        if (!task.IsCompletedSuccessfully)
        {
            return KeepLaterAsync(slot, ForeignTask.Guard(task));
        }

        slot.Value = task.Result;
        return default;
    }

    /// <summary>The method broke its promise of a task.</summary>
    public static InvalidOperationException NoTask() => new("The method returned null in place of a task.");

    private static async ValueTask KeepLaterAsync<T>(ResultSlot<T> slot, ValueTask<T> task) => slot.Value = await task.ConfigureAwait(false);
}
