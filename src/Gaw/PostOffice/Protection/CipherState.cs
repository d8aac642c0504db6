using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Gaw.PostOffice.Protection;

/// <summary>The algorithms of one <see cref="FrameKey"/>, ready for use by one thread: HMAC-SHA256 (RFC 2104) and AES-CBC (NIST SP 800-38A).</summary>
internal sealed class CipherState : IDisposable
{
    private const int IvsAtOnce = 256;

    private readonly Aes _aes;
    private readonly IncrementalHash _mac;
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
