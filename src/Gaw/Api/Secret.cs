using System.Buffers.Text;
using System.ComponentModel;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Gaw;

/// <summary>
/// The pre-shared key of a server and its clients: 16, 24 or 32 bytes, written as base64. Signs frames, and encrypts them where that is asked
/// for. Never prints itself; made from text, from a file, from bytes or by <see cref="Generate"/>.
/// </summary>
[TypeConverter(typeof(SecretConverter))]
public sealed class Secret : IEquatable<Secret>
{
    private const string Advice = "A secret is the base64 text of 16, 24 or 32 random bytes; Secret.Generate() or \"gaw secret new\" makes one.";

    private readonly byte[] _key;

    private Secret(byte[] key) => _key = key;

    /// <summary>The key's size in bits: 128, 192 or 256.</summary>
    public int Bits => _key.Length * 8;

    internal ReadOnlySpan<byte> Key => _key;

    /// <inheritdoc cref="FromBase64"/>
    public static implicit operator Secret(string text) => FromBase64(text);

    /// <summary>Reads a secret from base64 text: the standard alphabet, padding included, nothing before, between or behind.</summary>
    /// <exception cref="ArgumentException">The text is empty, no base64, or of another size.</exception>
    public static Secret FromBase64(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length == 0)
        {
            throw new ArgumentException($"The secret is empty, which would mean none at all. {Advice}", nameof(text));
        }

        // Stricter than Convert.FromBase64String, which skips white space: what is not the text itself is a mistake.
        if (text.AsSpan().ContainsAny(" \t\r\n") || !Base64.IsValid(text))
        {
            throw new ArgumentException($"The secret of {text.Length} characters is not base64 (A-Z, a-z, 0-9, + and /, padded with =). {Advice}", nameof(text));
        }

        return FromBytes(Convert.FromBase64String(text));
    }

    /// <summary>Reads a secret from a file that holds its base64 text, and perhaps a line end.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="ArgumentException">What is in it is no secret.</exception>
    public static Secret FromFile(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            return FromBase64(File.ReadAllText(path, Encoding.UTF8).Trim());
        }
        catch (ArgumentException e)
        {
            throw new ArgumentException($"{path}: {e.Message}", nameof(path));
        }
    }

    /// <summary>Makes a secret of key bytes, which are copied.</summary>
    /// <exception cref="ArgumentException">There are not 16, 24 or 32.</exception>
    public static Secret FromBytes(ReadOnlySpan<byte> key) => key.Length is 16 or 24 or 32
        ? new Secret(key.ToArray())
        : throw new ArgumentException($"The secret has {key.Length} bytes. {Advice}", nameof(key));

    /// <summary>Makes a new secret from the system's random numbers.</summary>
    /// <param name="bits">128, 192 or 256.</param>
    public static Secret Generate(int bits = 256) => bits is 128 or 192 or 256
        ? new Secret(RandomNumberGenerator.GetBytes(bits / 8))
        : throw new ArgumentOutOfRangeException(nameof(bits), bits, "Give 128, 192 or 256 bits.");

    /// <summary>The base64 text, to be stored or given to the other side. Whoever has it can call every method.</summary>
    public string Reveal() => Convert.ToBase64String(_key);

    /// <summary>Says how large the secret is, not what it is.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"Secret ({Bits} bits)");

    /// <inheritdoc/>
    public bool Equals(Secret? other) => other is not null && CryptographicOperations.FixedTimeEquals(_key, other._key);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Secret);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        hash.AddBytes(_key);
        return hash.ToHashCode();
    }

    /// <summary>Lets a configuration file hold a secret as text.</summary>
    private sealed class SecretConverter : TypeConverter
    {
        public override bool CanConvertFrom(ITypeDescriptorContext? context, Type sourceType) => sourceType == typeof(string);

        public override object? ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value) => FromBase64((string)value);
    }
}
