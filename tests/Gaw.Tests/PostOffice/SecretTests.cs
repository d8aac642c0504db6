using System.ComponentModel;
using System.Text.Json;
using Gaw.PostOffice;
using Gaw.Tests.Support;

namespace Gaw.Tests.PostOffice;

/// <summary>A secret takes only what is one, and keeps it to itself.</summary>
public sealed class SecretTests
{
    /// <summary>The original runs in the clear, loops, or takes another key for some of these (PROTOCOL section 14.8).</summary>
    public static TheoryData<string> Malformed =>
    [
        "", " ", "!!!!", "=", "====", "A", "AAAA",
        "AAECAwQFBgcICQoLDA0ODw", // no padding
        "AAECAwQFBgcICQoLDA0ODw=",
        "AAECAwQFBgcICQoLDA0ODw===",
        " AAECAwQFBgcICQoLDA0ODw==",
        "AAECAwQFBgcICQoLDA0ODw==\n",
        "AAECAwQFBgcI\r\nCQoLDA0ODw==",
        "AAECAwQFBgcI CQoLDA0ODw==",
        "AAECAwQFBgcI\tCQoLDA0ODw==",
        "AAECAwQFBgcI\u00a0CQoLDA0ODw==",
        "4OHi4-Tl5ufo6err7O3u7_Dx8vP09fb3-Pn6-_z9_v8=", // the URL's alphabet
        "AAECAwQFBgcICQoLDA0OD", // 15 bytes and a bit
        "AAECAwQFBgcICQoLDA0O", // 15 bytes
        "AAECAwQFBgcICQoLDA0ODxA=", // 17 bytes
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8g", // 33 bytes
        "AAECAwQFBgcICQoLDA0ODw==AAECAwQFBgcICQoLDA0ODw==",
        "000102030405060708090a0b0c0d0e0f\u0000",
        "пароль, который длинен",
    ];

    [Theory]
    [MemberData(nameof(Malformed))]
    public void What_is_no_secret_is_refused_and_not_repeated(string text)
    {
        Action[] ways = [() => Secret.FromBase64(text), () => _ = (Secret)text, () => _ = new GawServerOptions { Secret = text }, () => _ = new GawClientOptions { Secret = text }];
        foreach (Action way in ways)
        {
            string message = way.Should().Throw<ArgumentException>().Which.ToString();
            message.Should().Contain("16, 24 or 32").And.Contain("Secret.Generate()");
            if (text.Trim().Length > 4)
            {
                message.Should().NotContain(text.Trim());
            }
        }
    }

    [Fact]
    public void No_text_at_all_is_a_programming_error()
    {
        FluentActions.Invoking(() => Secret.FromBase64(null!)).Should().Throw<ArgumentNullException>();
        new GawServerOptions { Secret = null }.Secret.Should().BeNull("no secret can be said, an empty one cannot");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(17)]
    [InlineData(23)]
    [InlineData(31)]
    [InlineData(33)]
    [InlineData(200)]
    public void A_key_of_another_size_is_refused(int bytes) =>
        FluentActions.Invoking(() => Secret.FromBytes(new byte[bytes])).Should().Throw<ArgumentException>().WithMessage($"*{bytes} bytes*");

    [Theory]
    [InlineData(128)]
    [InlineData(192)]
    [InlineData(256)]
    public void A_generated_secret_is_new_each_time_and_comes_back_from_its_text_and_its_bytes(int bits)
    {
        Secret secret = Secret.Generate(bits);

        secret.Bits.Should().Be(bits);
        Convert.FromBase64String(secret.Reveal()).Should().HaveCount(bits / 8);
        Secret.FromBase64(secret.Reveal()).Should().Be(secret);
        Secret.FromBytes(Convert.FromBase64String(secret.Reveal())).Should().Be(secret);
        Secret.Generate(bits).Should().NotBe(secret);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(64)]
    [InlineData(129)]
    [InlineData(512)]
    public void No_secret_of_another_size_is_generated(int bits) =>
        FluentActions.Invoking(() => Secret.Generate(bits)).Should().Throw<ArgumentOutOfRangeException>();

    [Fact]
    public void The_bytes_it_was_made_of_can_be_cleared()
    {
        byte[] key = [.. Enumerable.Range(0, 16).Select(value => (byte)value)];
        Secret secret = Secret.FromBytes(key);
        Array.Clear(key);

        secret.Reveal().Should().Be("AAECAwQFBgcICQoLDA0ODw==");
    }

    [Fact]
    public void Secrets_are_equal_by_their_keys()
    {
        Secret one = "AAECAwQFBgcICQoLDA0ODw==";
        Secret same = "AAECAwQFBgcICQoLDA0ODw==";
        Secret other = "AAECAwQFBgcICQoLDA0ODg==";
        Secret longer = Protection.OtherKey;

        one.Equals(same).Should().BeTrue();
        one.Equals((object)same).Should().BeTrue();
        one.GetHashCode().Should().Be(same.GetHashCode());
        one.Equals(other).Should().BeFalse();
        one.Equals(longer).Should().BeFalse();
        one.Equals((object)"AAECAwQFBgcICQoLDA0ODw==").Should().BeFalse("that is a text");
        one.Equals(null).Should().BeFalse();
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public void A_file_may_end_in_a_line_end(string ending)
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, Protection.OtherKey + ending);
            Secret.FromFile(path).Reveal().Should().Be(Protection.OtherKey);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_file_without_a_secret_is_named_and_its_contents_are_not()
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, "db-password-12345\n");
            FluentActions.Invoking(() => Secret.FromFile(path)).Should().Throw<ArgumentException>()
                .Where(e => e.Message.Contains(path) && !e.ToString().Contains("db-password"));
            File.WriteAllText(path, "");
            FluentActions.Invoking(() => Secret.FromFile(path)).Should().Throw<ArgumentException>().WithMessage("*empty*");
        }
        finally
        {
            File.Delete(path);
        }

        FluentActions.Invoking(() => Secret.FromFile(path)).Should().Throw<FileNotFoundException>();
    }

    [Theory]
    [InlineData(128)]
    [InlineData(192)]
    [InlineData(256)]
    public void It_prints_its_size_and_never_itself(int bits)
    {
        Secret secret = Secret.Generate(bits);
        object[] printed =
        [
            secret,
            new GawServerOptions { Secret = secret, AcceptedSecrets = [secret], Encrypt = true },
            new GawClientOptions { Secret = secret },
            new PostOfficeServerOptions { Secret = secret, AcceptedSecrets = [secret] },
            $"{secret}",
            JsonSerializer.Serialize(secret),
            JsonSerializer.Serialize(new { Given = secret, All = new[] { secret } }),
        ];

        secret.ToString().Should().Be($"Secret ({bits} bits)");
        foreach (string text in printed.Select(value => value.ToString()!))
        {
            Leaks.In(text, secret).Should().BeFalse(text);
        }

        new GawServerOptions { Secret = secret }.ToString().Should().Contain($"Secret = Secret ({bits} bits)");
    }

    [Fact]
    public void A_configuration_file_can_hold_it()
    {
        TypeConverter converter = TypeDescriptor.GetConverter(typeof(Secret));

        converter.CanConvertFrom(typeof(string)).Should().BeTrue();
        converter.CanConvertFrom(typeof(int)).Should().BeFalse();
        converter.ConvertFromInvariantString(Protection.OtherKey).Should().Be(Secret.FromBase64(Protection.OtherKey));
        converter.Invoking(c => c.ConvertFromInvariantString("")).Should().Throw<Exception>("an empty secret is never taken for none");
        string? text = converter.ConvertToInvariantString(Secret.FromBase64(Protection.OtherKey));
        Leaks.In(text ?? "", Protection.OtherKey).Should().BeFalse("a converter that writes it would print it");
    }

    [Fact]
    public void Settings_that_would_silently_mean_less_are_refused()
    {
        FluentActions.Invoking(() => new GawServer("127.0.0.1", 0, new GawServerOptions { Encrypt = true }))
            .Should().Throw<ArgumentException>().WithMessage("*Encrypt*Secret*");
        FluentActions.Invoking(() => new GawClient("127.0.0.1", 1, new GawClientOptions { Encrypt = true }))
            .Should().Throw<ArgumentException>().WithMessage("*Encrypt*Secret*");
        FluentActions.Invoking(() => new GawServer("127.0.0.1", 0, new GawServerOptions { AcceptedSecrets = [Protection.OtherKey] }))
            .Should().Throw<ArgumentException>().WithMessage("*AcceptedSecrets*Secret*");
        FluentActions.Invoking(() => new GawServer("127.0.0.1", 0, new GawServerOptions { ReplayWindow = TimeSpan.FromMinutes(2) }))
            .Should().Throw<ArgumentException>().WithMessage("*ReplayWindow*Secret*");
        foreach (TimeSpan window in (TimeSpan[])[TimeSpan.Zero, TimeSpan.FromSeconds(-1), TimeSpan.FromHours(2)])
        {
            FluentActions.Invoking(() => new GawServerOptions { ReplayWindow = window }).Should().Throw<ArgumentOutOfRangeException>().WithMessage("*ReplayWindow*");
        }
    }
}
