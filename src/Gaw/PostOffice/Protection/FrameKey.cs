using System.Buffers.Binary;
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

    private readonly ConcurrentQueue<State> _pool = new();
    private readonly Lock _gate = new();

    /// <summary>Pairs with the second look in Return: of a disposal and a cipher that comes back, at least one clears it.</summary>
    private volatile bool _disposed;

    /// <exception cref="ObjectDisposedException">The key is cleared; there is nobody left to send to.</exception>
    public State Rent() => _pool.TryDequeue(out State? state) ? state : MakeState();

    public void Return(State state)
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

    private State MakeState()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return new State(key);
        }
    }

    private void DisposePool()
    {
        while (_pool.TryDequeue(out State? state))
        {
            state.Dispose();
        }
    }

    internal sealed class State : IDisposable
    {
        private const int IvsAtOnce = 256;

        private readonly Aes _aes;
        private readonly IncrementalHash _mac;
        private readonly ICryptoTransform _encryptor;
        private readonly ICryptoTransform _decryptor;
        private readonly byte[] _lastEncrypted = new byte[BlockBytes];
        private readonly byte[] _lastDecrypted = new byte[BlockBytes];
        private readonly byte[] _ivs = new byte[IvsAtOnce * BlockBytes];
        private int _nextIv = IvsAtOnce * BlockBytes;

        public State(byte[] key)
        {
            _mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
            _aes = Aes.Create();
            _aes.Key = key;
            _aes.IV = new byte[BlockBytes];
            _aes.Mode = CipherMode.CBC;
            _aes.Padding = PaddingMode.None;
            _encryptor = _aes.CreateEncryptor();
            _decryptor = _aes.CreateDecryptor();
        }

        /// <summary>Writes HMAC-SHA256 of the document, 32 bytes (RFC 2104).</summary>
        public void Sign(ReadOnlySpan<byte> document, Span<byte> mac)
        {
            _mac.AppendData(document);
            _mac.GetHashAndReset(mac);
        }

        /// <summary>Writes an unpredictable initialisation vector. They are drawn many at a time: one by one they would cost more than the cipher.</summary>
        public void NextIv(Span<byte> iv)
        {
            if (_nextIv == _ivs.Length)
            {
                RandomNumberGenerator.Fill(_ivs);
                _nextIv = 0;
            }

            Span<byte> next = _ivs.AsSpan(_nextIv, BlockBytes);
            next.CopyTo(iv);
            next.Clear();
            _nextIv += BlockBytes;
        }

        /// <summary>Encrypts whole blocks in place, AES-CBC.</summary>
        /// <remarks>
        /// The kept transform chains on from the block it made last, so the first block of this message is given to it with that block and
        /// the wanted vector mixed in: <c>E((P ^ IV ^ L) ^ L) = E(P ^ IV)</c>.
        /// </remarks>
        public void Encrypt(byte[] buffer, int start, int length, ReadOnlySpan<byte> iv)
        {
            Span<byte> first = buffer.AsSpan(start, BlockBytes);
            Mix(first, iv);
            Mix(first, _lastEncrypted);
            _encryptor.TransformBlock(buffer, start, length, buffer, start);
            buffer.AsSpan(start + length - BlockBytes, BlockBytes).CopyTo(_lastEncrypted);
        }

        /// <summary>Decrypts whole blocks in place, AES-CBC; the same way round as <see cref="Encrypt"/>.</summary>
        public void Decrypt(byte[] buffer, int start, int length, ReadOnlySpan<byte> iv)
        {
            Span<byte> last = stackalloc byte[BlockBytes];
            buffer.AsSpan(start + length - BlockBytes, BlockBytes).CopyTo(last);
            _decryptor.TransformBlock(buffer, start, length, buffer, start);
            Span<byte> first = buffer.AsSpan(start, BlockBytes);
            Mix(first, _lastDecrypted);
            Mix(first, iv);
            last.CopyTo(_lastDecrypted);
        }

        public void Dispose()
        {
            _mac.Dispose();
            _encryptor.Dispose();
            _decryptor.Dispose();
            _aes.Dispose();
            CryptographicOperations.ZeroMemory(_ivs);
        }

        private static void Mix(Span<byte> block, ReadOnlySpan<byte> with)
        {
            UInt128 mixed = BinaryPrimitives.ReadUInt128LittleEndian(block) ^ BinaryPrimitives.ReadUInt128LittleEndian(with);
            BinaryPrimitives.WriteUInt128LittleEndian(block, mixed);
        }
    }
}
