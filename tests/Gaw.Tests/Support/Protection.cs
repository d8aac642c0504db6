using Gaw.PostOffice;
using Gaw.PostOffice.Protection;

namespace Gaw.Tests.Support;

/// <summary>One way to protect frames, told to everybody who has to know it: the library's two sides, the raw peer and the Python one.</summary>
/// <param name="Name">Mode and key size: <c>encrypted192</c>. Theory rows carry it, <see cref="Named"/> gives the rest.</param>
/// <param name="Key">Base64 text; <see langword="null"/> in plain mode.</param>
/// <param name="Encrypt">Frames are encrypted, not only signed.</param>
public sealed record Protection(string Name, string? Key, bool Encrypt)
{
    /// <summary>A key that no recorded frame and no other protection here uses.</summary>
    public const string OtherKey = "gIGCg4SFhoeIiYqLjI2Oj5CRkpOUlZaX";

    private const string Key128 = "AAECAwQFBgcICQoLDA0ODw==";
    private const string Key192 = "QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZX";
    private const string Key256 = "4OHi4+Tl5ufo6err7O3u7/Dx8vP09fb3+Pn6+/z9/v8=";

    private static readonly Protection[] All =
    [
        new("plain", null, false),
        new("signed128", Key128, false),
        new("signed192", Key192, false),
        new("signed256", Key256, false),
        new("encrypted128", Key128, true),
        new("encrypted192", Key192, true),
        new("encrypted256", Key256, true),
    ];

    public static Protection PlainFrames => Named("plain");

    public static Protection SignedFrames => Named("signed256");

    public static Protection EncryptedFrames => Named("encrypted256");

    /// <summary>One of each mode.</summary>
    public static TheoryData<string> Modes => ["plain", "signed256", "encrypted256"];

    /// <summary>Both modes with a key, in every key size.</summary>
    public static TheoryData<string> Keyed => [.. All.Where(protection => protection.Key is not null).Select(protection => protection.Name)];

    public WireCode Code => new(Key, Encrypt);

    public GawServerOptions Server => new() { Secret = Secret, Encrypt = Encrypt };

    /// <summary>Connects once and does not wait long: nothing here has to be tried twice.</summary>
    public GawClientOptions Client => new() { Secret = Secret, Encrypt = Encrypt, Retries = 0, CallTimeout = TestTimeouts.Limit };

    private Secret? Secret => Key is null ? null : Gaw.Secret.FromBase64(Key);

    public static Protection Named(string name) => All.Single(protection => protection.Name == name);

    public override string ToString() => Name;

    /// <summary>The library's own protector.</summary>
    internal IFrameProtector CreateProtector() => new PostOfficeServerOptions { Encrypt = Encrypt }.CreateProtector(Secret);
}
