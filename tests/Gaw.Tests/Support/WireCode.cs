using System.Security.Cryptography;
using System.Text;

namespace Gaw.Tests.Support;

/// <summary>
/// The protection of one frame, written apart from the library so that both can be held against each other:
/// <c>D</c>, <c>HMAC-SHA256(K, D) + D</c>, or <c>IV + AES-CBC(K, IV, PKCS#7(HMAC-SHA256(K, D) + D))</c>.
/// </summary>
public sealed class WireCode(string? secret = null, bool encrypt = false)
{
    private const int MacBytes = 32;
    private const int IvBytes = 16;
    private readonly byte[] _key = Convert.FromBase64String(secret ?? "");

    public static WireCode Plain { get; } = new();

    /// <param name="document">Goes out as its UTF-8 bytes.</param>
    /// <param name="iv">16 bytes, for encrypted frames that have to come out the same; <see langword="null"/> takes random ones.</param>
    /// <returns>The whole frame with its length line.</returns>
    public byte[] Frame(string document, byte[]? iv = null) => Frame(Encoding.UTF8.GetBytes(document), iv);

    /// <inheritdoc cref="Frame(string, byte[])"/>
    public byte[] Frame(byte[] document, byte[]? iv = null)
    {
        byte[] payload = document;
        if (_key.Length > 0)
        {
            payload = [.. HMACSHA256.HashData(_key, document), .. document];
        }

        if (_key.Length > 0 && encrypt)
        {
            using Aes aes = Aes.Create();
            aes.Key = _key;
            iv ??= RandomNumberGenerator.GetBytes(IvBytes);
            payload = [.. iv, .. aes.EncryptCbc(payload, iv)];
        }

        return Framed(payload);
    }

    /// <summary>Puts the length line before a payload that is taken as it is.</summary>
    public static byte[] Framed(byte[] payload) => [.. Encoding.ASCII.GetBytes($"{payload.Length}\n"), .. payload];

    /// <returns>The document.</returns>
    /// <exception cref="InvalidDataException">The payload is not in this mode and of this key, or no strict UTF-8.</exception>
    public string Open(byte[] payload)
    {
        try
        {
            if (_key.Length > 0 && encrypt)
            {
                using Aes aes = Aes.Create();
                aes.Key = _key;
                payload = aes.DecryptCbc(payload.AsSpan(IvBytes), payload.AsSpan(0, IvBytes));
            }

            if (_key.Length > 0)
            {
                byte[] document = payload[MacBytes..];
                if (!CryptographicOperations.FixedTimeEquals(payload.AsSpan(0, MacBytes), HMACSHA256.HashData(_key, document)))
                {
                    throw new InvalidDataException("The MAC does not fit the document.");
                }

                payload = document;
            }

            return new UTF8Encoding(false, true).GetString(payload);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or OverflowException)
        {
            throw new InvalidDataException($"A payload of {payload.Length} bytes cannot be opened: {e.Message}", e);
        }
    }
}
