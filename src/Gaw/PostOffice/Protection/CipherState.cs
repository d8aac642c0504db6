using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Gaw.PostOffice.Protection;

/// <summary>The algorithms of one <see cref="FrameKey"/>, ready for use by one thread: HMAC-SHA256 (RFC 2104) and AES-CBC (NIST SP 800-38A).</summary>
internal sealed class CipherState : IDisposable
{
    /// <summary>What SHA-256 takes at once.</summary>
    public const int HashBlockBytes = 64;

    private const int IvsAtOnce = 256;
    private const int MaxHashBlocksToSpend = 2;

    private static readonly byte[] HashBlocksToSpend = new byte[MaxHashBlocksToSpend * HashBlockBytes];

    private readonly Aes _aes;
    private readonly IncrementalHash _mac;

    /// <summary>Takes whole blocks and is never asked for its hash: beginning and ending one costs ten times a block.</summary>
    private readonly IncrementalHash _spent = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly ICryptoTransform _encryptor;
    private readonly ICryptoTransform _decryptor;
    private readonly byte[] _lastEncrypted = new byte[FrameKey.BlockBytes];
    private readonly byte[] _lastDecrypted = new byte[FrameKey.BlockBytes];
    private readonly byte[] _ivs = new byte[IvsAtOnce * FrameKey.BlockBytes];
    private int _nextIv = IvsAtOnce * FrameKey.BlockBytes;

    public CipherState(byte[] key)
    {
        _mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        _aes = Aes.Create();
        _aes.Key = key;
        _aes.IV = new byte[FrameKey.BlockBytes];
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

    /// <summary>Takes the time of so many blocks of <see cref="Sign"/>, and does nothing else.</summary>
    /// <param name="blocks">At most 2: no padding is longer than one block of the hash.</param>
    public void SpendHashBlocks(int blocks) => _spent.AppendData(HashBlocksToSpend, 0, blocks * HashBlockBytes);

    /// <summary>Writes an unpredictable initialisation vector. They are drawn many at a time: one by one they would cost more than the cipher.</summary>
    public void NextIv(Span<byte> iv)
    {
        if (_nextIv == _ivs.Length)
        {
            RandomNumberGenerator.Fill(_ivs);
            _nextIv = 0;
        }

        Span<byte> next = _ivs.AsSpan(_nextIv, FrameKey.BlockBytes);
        next.CopyTo(iv);
        next.Clear();
        _nextIv += FrameKey.BlockBytes;
    }

    /// <summary>Encrypts whole blocks in place, AES-CBC.</summary>
    /// <remarks>
    /// The kept transform chains on from the block it made last, so the first block of this message is given to it with that block and
    /// the wanted vector mixed in: <c>E((P ^ IV ^ L) ^ L) = E(P ^ IV)</c>.
    /// </remarks>
    public void Encrypt(byte[] buffer, int start, int length, ReadOnlySpan<byte> iv)
    {
        Span<byte> first = buffer.AsSpan(start, FrameKey.BlockBytes);
        Mix(first, iv);
        Mix(first, _lastEncrypted);
        _encryptor.TransformBlock(buffer, start, length, buffer, start);
        buffer.AsSpan(start + length - FrameKey.BlockBytes, FrameKey.BlockBytes).CopyTo(_lastEncrypted);
    }

    /// <summary>Decrypts whole blocks in place, AES-CBC; the same way round as <see cref="Encrypt"/>.</summary>
    public void Decrypt(byte[] buffer, int start, int length, ReadOnlySpan<byte> iv)
    {
        Span<byte> last = stackalloc byte[FrameKey.BlockBytes];
        buffer.AsSpan(start + length - FrameKey.BlockBytes, FrameKey.BlockBytes).CopyTo(last);
        _decryptor.TransformBlock(buffer, start, length, buffer, start);
        Span<byte> first = buffer.AsSpan(start, FrameKey.BlockBytes);
        Mix(first, _lastDecrypted);
        Mix(first, iv);
        last.CopyTo(_lastDecrypted);
    }

    public void Dispose()
    {
        _mac.Dispose();
        _spent.Dispose();
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
