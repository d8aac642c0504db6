using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Gaw.Tests.Support;

/// <summary>For what becomes true without saying so: looks again and again, and gives up only after <see cref="TestTimeouts.Limit"/>.</summary>
public static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(2);

    public static async Task BecomesTrueAsync(Func<bool> condition, Func<string>? state = null, [CallerArgumentExpression(nameof(condition))] string what = "")
    {
        long began = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(began) > TestTimeouts.Limit)
            {
                throw new TimeoutException($"Within {TestTimeouts.Limit.TotalSeconds} s it did not come about that {what}{(state is null ? "" : $" ({state()})")}");
            }

            await Task.Delay(Pause, TestContext.Current.CancellationToken);
        }
    }
}
