using System.Runtime.CompilerServices;

namespace Gaw.Tests.Testing;

/// <summary>The service whose arguments are streams.</summary>
public sealed partial class StreamTests
{
    [Service("sink")]
    public interface ISink
    {
        Task<long> SumAsync(IAsyncEnumerable<int> items, CancellationToken cancellationToken = default);

        long SumNow(IAsyncEnumerable<int> items);

        Task<string> JoinAsync(string between, IAsyncEnumerable<string> first, IAsyncEnumerable<string>? second = null);

        IAsyncEnumerable<int> DoubleAsync(IAsyncEnumerable<int> items, CancellationToken cancellationToken = default);

        Task<int> CountAsync(IAsyncEnumerable<int> items);
    }

    [Service("sink")]
    public sealed class Sink(Served served)
    {
        [Entrypoint]
        public async Task<long> SumAsync(IAsyncEnumerable<int> items, CancellationToken cancellationToken)
        {
            served.Begun.Add();
            long sum = 0;
            try
            {
                await foreach (int item in items.WithCancellation(cancellationToken))
                {
                    served.Made.Add();
                    sum += item;
                }
            }
            finally
            {
                served.Ended.Add();
            }

            return sum;
        }

        [Entrypoint]
        public Task<long> SumNow(IAsyncEnumerable<int> items) => SumAsync(items, default);

        [Entrypoint]
        public async Task<string> JoinAsync(string between, IAsyncEnumerable<string> first, IAsyncEnumerable<string>? second = null)
        {
            List<string> all = [];
            await foreach (string item in first)
            {
                all.Add(item);
            }

            if (second is not null)
            {
                await foreach (string item in second)
                {
                    all.Add(item);
                }
            }

            return string.Join(between, all);
        }

        [Entrypoint]
        public async IAsyncEnumerable<int> DoubleAsync(IAsyncEnumerable<int> items, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await foreach (int item in items.WithCancellation(cancellationToken))
            {
                yield return item * 2;
            }
        }

        [Entrypoint]
        public async Task<string> WitnessesAsync(IAsyncEnumerable<Witness> items)
        {
            List<string> seen = [];
            await foreach (Witness item in items)
            {
                seen.Add(item.Tell());
            }

            return string.Join('-', seen);
        }

        [Entrypoint]
        public int Count(List<int> items) => items.Count;

        [Entrypoint]
        public async Task<int> FirstAsync(IAsyncEnumerable<int> items, int count)
        {
            int last = -1;
            if (count == 0)
            {
                return last;
            }

            await foreach (int item in items)
            {
                last = item;
                if (--count == 0)
                {
                    break;
                }
            }

            return last;
        }

        [Entrypoint]
        public async Task<string> TwiceAsync(IAsyncEnumerable<int> items)
        {
            int count = await CountAllAsync(items);
            try
            {
                await CountAllAsync(items);
                return "twice";
            }
            catch (InvalidOperationException)
            {
                return $"{count} once";
            }
        }

        [Entrypoint]
        public async Task<int> LengthsAsync(IAsyncEnumerable<string> texts)
        {
            int sum = 0;
            await foreach (string text in texts)
            {
                sum += text.Length;
            }

            return sum;
        }

        [Entrypoint]
        public async IAsyncEnumerable<string> EchoAsync(IAsyncEnumerable<string> texts)
        {
            await foreach (string text in texts)
            {
                yield return text;
            }
        }

        /// <summary>Reads no item before it is told to.</summary>
        [Entrypoint]
        public async Task<long> LateAsync(IAsyncEnumerable<int> items, IProgress<int> progress, CancellationToken cancellationToken)
        {
            served.Begun.Add();
            progress.Report(1);
            await served.Items.Reader.ReadAsync(cancellationToken);
            return await SumAsync(items, cancellationToken);
        }

        [Entrypoint]
        public async Task<string> HearAsync(IAsyncEnumerable<int> items)
        {
            int count = 0;
            try
            {
                await foreach (int item in items)
                {
                    count++;
                }

                return $"{count} and the end";
            }
            catch (GawError e)
            {
                return $"{count} and {e.Name}: {e.Message}";
            }
        }

        [Entrypoint]
        public async Task RefuseAsync(IAsyncEnumerable<int> items)
        {
            await foreach (int item in items)
            {
                throw new GawError("Refused", $"not {item}");
            }
        }

        private static async Task<int> CountAllAsync(IAsyncEnumerable<int> items)
        {
            int count = 0;
            await foreach (int item in items)
            {
                count++;
            }

            return count;
        }
    }
}
