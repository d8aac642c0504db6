using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Gaw.PostOffice.Protection;

/// <summary>
/// One key with the state of its algorithms kept for reuse: making an HMAC or an AES context anew for each frame costs more than using it.
/// Safe to use from several threads, each of which takes a state for itself.
/// </summary>
/// <param name="key">Taken over, and cleared on disposal.</param>
internal sealed class FrameKey(byte[] key) : IDisposable
{
    public const int MacBytes = HMACSHA256.HashSizeInBytes;
    public const int BlockBytes = 16;

    private const int MaxPooled = 64;

    private readonly ConcurrentQueue<CipherState> _pool = new();
    private readonly Lock _gate = new();

    /// <summary>Pairs with the second look in Return: of a disposal and a cipher that comes back, at least one clears it.</summary>
    private volatile bool _disposed;

    /// <exception cref="ObjectDisposedException">The key is cleared; there is nobody left to send to.</exception>
    public CipherState Rent() => _pool.TryDequeue(out CipherState? state) ? state : MakeState();

    public void Return(CipherState state)
    {
        if (_pool.Count < MaxPooled && !_disposed)
        {
            _pool.Enqueue(state);
            if (_disposed)
            {
                DisposePool();
            }
        }
        else
        {
            state.Dispose();
        }
    }

    /// <summary>Clears the key and what was made of it. A state that is in use is cleared on its return.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            // Under the lock: nobody may make a state of half a key.
            _disposed = true;
            CryptographicOperations.ZeroMemory(key);
        }

        DisposePool();
    }

    private CipherState MakeState()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return new CipherState(key);
        }
    }

    private void DisposePool()
    {
        while (_pool.TryDequeue(out CipherState? state))
        {
            state.Dispose();
        }
    }
}
