using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Gaw.Tests.Support;

namespace Gaw.Tests.Testing;

/// <summary>The service whose results are streams.</summary>
public sealed partial class StreamTests
{
    [Service("source")]
    public interface ISource
    {
        IAsyncEnumerable<int> CountAsync(int count, CancellationToken cancellationToken = default);
    }

    public static class Emitted
    {
        /// <summary>Has no mark, so its proxy is emitted at run time.</summary>
        public interface ISource
        {
            IAsyncEnumerable<int> CountAsync(int count);
        }

        /// <inheritdoc cref="ISource"/>
        public interface ISink
        {
            Task<long> SumAsync(IAsyncEnumerable<int> items);
        }
    }

    /// <summary>What a test sees of the methods, and what it has them give.</summary>
    public abstract class Sources
    {
        public Tally Begun { get; } = new("streams that began");

        public Tally Made { get; } = new("items that were made");

        public Tally Ended { get; } = new("streams that ended");

        public Channel<string> Items { get; } = Channel.CreateUnbounded<string>();
    }

    [Service("source")]
    public sealed class Source(Served served) : ISource
    {
        public async IAsyncEnumerable<int> CountAsync(int count, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            served.Begun.Add();
            for (int i = 0; i < count; i++)
            {
                if (i % 10_000 == 1)
                {
                    await Task.Yield();
                }

                cancellationToken.ThrowIfCancellationRequested();
                yield return i;
            }
        }

        [Entrypoint]
        public List<int> List(int count) => [.. Enumerable.Range(0, count)];

        [Entrypoint]
        public int One() => 1;

        [Entrypoint]
        public async IAsyncEnumerable<string> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            served.Begun.Add();
            try
            {
                await foreach (string item in served.Items.Reader.ReadAllAsync(cancellationToken))
                {
                    yield return item;
                }
            }
            finally
            {
                served.Ended.Add();
            }
        }

        [Entrypoint]
        public async IAsyncEnumerable<int> EndlessAsync()
        {
            served.Begun.Add();
            try
            {
                for (int i = 0; ; i++)
                {
                    served.Made.Add();
                    yield return i;
                    if (i % 1000 == 999)
                    {
                        await Task.Yield();
                    }
                }
            }
            finally
            {
                served.Ended.Add();
            }
        }

        /// <summary>Looks at no token: it ends when it is told to.</summary>
        [Entrypoint]
        public async IAsyncEnumerable<int> StubbornAsync()
        {
            try
            {
                yield return 0;
                await served.Items.Reader.ReadAsync(CancellationToken.None);
                yield return 1;
            }
            finally
            {
                served.Ended.Add();
            }
        }

        [Entrypoint]
        public async IAsyncEnumerable<string> TextsAsync(int count, int length)
        {
            for (int i = 0; i < count; i++)
            {
                await Task.Yield();
                yield return new string('x', length);
            }
        }

        [Entrypoint]
        public async IAsyncEnumerable<int> FailAsync(int count)
        {
            try
            {
                for (int i = 0; i < count; i++)
                {
                    yield return i;
                }

                await Task.Yield();
                throw new GawError("Broken", "on purpose");
            }
            finally
            {
                served.Ended.Add();
            }
        }

        [Entrypoint]
        public async IAsyncEnumerable<object?> UnwritableAsync()
        {
            try
            {
                await Task.Yield();
                yield return 0;
                yield return 1;
                yield return new Action(() => { });
            }
            finally
            {
                served.Ended.Add();
            }
        }

        [Entrypoint]
        public async IAsyncEnumerable<string> NoteAsync(GawCallContext context)
        {
            context.ResponseMetadata["tenant"] = context.Metadata["tenant"];
            yield return context.Metadata["tenant"];
            await Task.Yield();
            yield return context.Metadata["tenant"];
        }
    }
}
