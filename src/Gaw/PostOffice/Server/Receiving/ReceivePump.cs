using System.Runtime.CompilerServices;
using Gaw.PostOffice.Server.Draining;
using Gaw.PostOffice.Sockets;

namespace Gaw.PostOffice.Server.Receiving;

/// <summary>Moves bytes from the socket into the <see cref="FrameSource"/>. Only the holder of the loop calls it.</summary>
internal sealed class ReceivePump(Transport transport, FrameSource frames, PostOfficeServer server)
{
    /// <summary>While an in-order message runs, no more than this is received ahead; then TCP pushes back.</summary>
    private const int MaxReadAheadBytes = 64 * 1024;

    private Task<int>? _receiving;
    private long? _backlog;

    /// <summary>The stream has ended: by the peer, or since receiving was ended here.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Waits for the peer to send. It is what an idle connection waits in, once a call: its state is used again.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask ReceiveAsync()
    {
        int count;
        if (_receiving is { } begun)
        {
            frames.Publish(awaitsBytes: true);
            count = await begun.ConfigureAwait(false);
            _receiving = null;
        }
        else
        {
            ValueTask<int> receiving = transport.ReceiveAsync(frames.GetFreeSpace());
            if (receiving.IsCompletedSuccessfully)
            {
                count = receiving.Result;
            }
            else
            {
                frames.Publish(awaitsBytes: true);
                count = await receiving.ConfigureAwait(false);
            }
        }

        Take(count);
    }

    /// <summary>Waits until the in-order message that runs is answered, and meanwhile receives ahead, so that a lost connection is noticed.</summary>
    public async ValueTask ReceiveAheadAsync(Task replied)
    {
        while (!replied.IsCompleted && !HasEnded && frames.BufferedBytes < MaxReadAheadBytes)
        {
            _receiving ??= transport.ReceiveAsync(frames.GetFreeSpace()).AsTask();
            await Task.WhenAny(_receiving, replied).ConfigureAwait(false);
            if (_receiving.IsCompleted)
            {
                int count = await _receiving.ConfigureAwait(false);
                _receiving = null;
                Take(count);
            }
        }

        await replied.ConfigureAwait(false);
    }

    /// <summary>Whether the bytes that the system had received when the stop began are read. Asked for the first time when the stop has begun.</summary>
    public Backlog GetBacklog()
    {
        _backlog ??= transport.MaxUnread;
        return _backlog <= 0 ? Backlog.Read : transport.Available == 0 ? Backlog.SocketEmpty : Backlog.Left;
    }

    /// <summary>Waits until no receive writes into the buffer any more. The socket is shut.</summary>
    public async ValueTask WhenIdleAsync()
    {
        if (_receiving is { } receiving)
        {
            await ((Task)receiving).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Take(int count)
    {
        if (count == 0)
        {
            HasEnded = true;
            frames.Publish(awaitsBytes: false);
            return;
        }

        _backlog -= count;
        frames.Received(count);
        server.CheckBudget();
    }
}
