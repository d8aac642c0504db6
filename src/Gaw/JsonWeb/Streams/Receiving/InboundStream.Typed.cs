using System.Runtime.CompilerServices;
using Gaw.Json;
using Gaw.Scheduling;
using Gaw.Serialization;
using Gaw.Serialization.Streams;

namespace Gaw.JsonWeb.Streams.Receiving;

/// <inheritdoc/>
/// <param name="owner">The call's.</param>
/// <param name="number">Its number.</param>
/// <param name="name">The parameter's name.</param>
/// <param name="item">Reads its items.</param>
internal sealed class InboundStream<T>(InboundArguments owner, int number, string name, ValueConverter<T> item) : InboundStream(name, new LateRoom(StreamTotals.DefaultWindow.Items, StreamTotals.DefaultWindow.Bytes, owner.LargestItem)), IAsyncEnumerable<T>, IAsyncEnumerator<T>
{
    private readonly ItemsConverter<T> _converter = new(item);
    private readonly PartBuffer<T> _parts = new(StreamTotals.DefaultWindow, owner.LargestItem);

    /// <summary>The exchange pairs with itself: of two that enumerate, one is refused.</summary>
    private int _hasBegun;

    /// <summary>Written before the first limit is named; pairs with the read where items come, which cannot be before.</summary>
    private volatile bool _isOpen;

    /// <summary>What the stream ends with, the first reason of several; <see langword="null"/>: with its last item. Written before the end is marked in the parts, under their lock; pairs with the read behind it.</summary>
    private Exception? _error;

    private CancellationToken _token;
    private CancellationTokenRegistration _watch;
    private List<T>? _items;
    private StreamTotals? _taken;
    private int _at;

    /// <summary>The last message was taken; used by the one who reads.</summary>
    private bool _isLastTaken;

    public override StreamTotals Limit => _isOpen ? _parts.Limit : default;

    public T Current => _items![_at];

    public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _hasBegun, 1) != 0)
        {
            throw OnceStream<T>.SecondEnumeration();
        }

        _token = cancellationToken;
        if (cancellationToken != owner.Token)
        {
            _watch = cancellationToken.UnsafeRegister(static (self, token) => ((InboundStream<T>)self!).End(new OperationCanceledException(token)), this);
        }

        return this;
    }

    public ValueTask<bool> MoveNextAsync() => _items is { } items && ++_at < items.Count ? new ValueTask<bool>(true) : NextAsync();

    /// <summary>The method reads no further: what still comes is dropped.</summary>
    public ValueTask DisposeAsync()
    {
        _watch.Dispose();
        End(new ObjectDisposedException(Name, $"The enumerator of {Name} was disposed."));
        _items = null;
        return default;
    }

    public override void End(Exception reason)
    {
        Interlocked.CompareExchange(ref _error, reason, null);
        _parts.Wake(inline: false, isOver: true);
    }

    protected override void Take(ReadOnlySpan<byte> items, StreamTotals sent, bool isLast, GawError? failure)
    {
        if (_isLastTaken || Volatile.Read(ref _error) is not null)
        {
            return;
        }

        try
        {
            JsonReader reader = new(items, owner.Limits);
            List<T> read = _converter.Read(ref reader)!;
            switch (_isOpen || sent == default ? _parts.Add(read, sent, items.Length) : PartCheck.Overrun)
            {
                case PartCheck.OutOfStep:
                    End(new GawProtocolException($"Items of the argument {Name} of {owner.Path} are missing, or have come twice: what was received is not what was sent."));
                    return;
                case PartCheck.Overrun:
                    Overrun();
                    return;
            }

            InboundArguments.Count(read.Count);
            if (read.Count == 0 && !isLast)
            {
                // The caller says that it is there. It may not have got the limit.
                owner.Tell(number, Limit);
            }
        }
        catch (GawSerializationException e) when (e.Within(Name) || e.During(owner.Path))
        {
            End(e);
            return;
        }
        catch (Exception e)
        {
            // The code of the items' type, or a text that is no JSON.
            End(e);
            return;
        }

        if (failure is not null)
        {
            Interlocked.CompareExchange(ref _error, failure, null);
        }

        _isLastTaken = isLast;
        _parts.Wake(inline: false, isLast);
    }

    protected override void Overrun() => End(new GawProtocolException($"The caller sends more of the argument {Name} of {owner.Path} than it was asked for."));

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> NextAsync()
    {
        _items = null;
        if (!_isOpen)
        {
            owner.Token.ThrowIfCancellationRequested();
            _isOpen = true;
            owner.Tell(number, _parts.Limit);
        }

        while (true)
        {
            owner.Token.ThrowIfCancellationRequested();
            _token.ThrowIfCancellationRequested();
            _items = _parts.TryTake(ref _taken, out StreamTotals? limit);
            if (limit is { } raised)
            {
                owner.Tell(number, raised);
            }

            if (_items is not null)
            {
                _at = 0;
                return true;
            }

            if (_parts.IsOver)
            {
                return Volatile.Read(ref _error) is { } error ? throw error : false;
            }

            owner.OnWaiting(true);
            try
            {
                await _parts.WhenMoreAsync().ConfigureAwait(false);
            }
            finally
            {
                owner.OnWaiting(false);
            }
        }
    }
}
