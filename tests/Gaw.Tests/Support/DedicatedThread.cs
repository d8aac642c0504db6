namespace Gaw.Tests.Support;

/// <summary>
/// For calls that block: on a thread of their own, since server and client share the thread pool of the tests, and blocked threads of the
/// pool would keep the server from answering them.
/// </summary>
public static class DedicatedThread
{
    public static Task<T> RunAsync<T>(Func<T> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
