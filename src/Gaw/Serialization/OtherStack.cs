using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace Gaw.Serialization;

/// <summary>Continues a deep recursion over types on another thread, where the stack of this one ends.</summary>
internal static class OtherStack
{
    private const int Bytes = 16 * 1024 * 1024;

    /// <summary>Runs a step of a recursion: here while there is room, or else on a thread of its own.</summary>
    public static T Continue<T>(Func<T> step)
    {
        if (RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            return step();
        }

        T? result = default;
        ExceptionDispatchInfo? failure = null;
        Thread thread = new Thread(
            () =>
            {
                try
                {
                    result = step();
                }
                catch (Exception e)
                {
                    failure = ExceptionDispatchInfo.Capture(e);
                }
            },
            Bytes);
        thread.UnsafeStart();
        thread.Join();
        failure?.Throw();
        return result!;
    }
}
