using Gaw.Nats.Engine;
using Gaw.PostOffice.Addresses;
using NATS.Client.Core;

namespace Gaw.Nats.Tests.Engine;

/// <summary>What addresses and options become, and what is refused where it is written.</summary>
public sealed class NatsSettingsTests
{
    [Theory]
    [InlineData("nats://10.0.0.9", "nats://10.0.0.9:4222", "gaw")]
    [InlineData("nats://10.0.0.9:4333?prefix=shop.north", "nats://10.0.0.9:4333", "shop.north")]
    [InlineData("nats://a:1,nats://b:2?prefix=x", "nats://a:1,nats://b:2", "x")]
    [InlineData("nats://[::1]:4222", "nats://[::1]:4222", "gaw")]
    public void An_address_says_where_and_under_which_prefix(string address, string urls, string prefix)
    {
        NatsSettings settings = Read(address);

        settings.Urls.Should().Be(urls);
        settings.Subjects.Prefix.Should().Be(prefix);
    }

    [Fact]
    public void Users_and_passwords_go_to_the_engine_and_to_no_message()
    {
        NatsSettings settings = Read("nats://anna:p%40ss@a:1,nats://b:2");
        NatsOpts options = settings.CreateOptions("gaw worker", null);

        (options.AuthOpts.Username, options.AuthOpts.Password).Should().Be(("anna", "p@ss"));
        options.Url.Should().NotContain("p@ss").And.NotContain("anna");
        settings.Address.ToString().Should().Be("nats://a:1");
        Read("nats://token@a:1").CreateOptions("x", null).AuthOpts.Token.Should().Be("token");
    }

    [Theory]
    [InlineData("nats://a:1?prefix=a b", "prefix")]
    [InlineData("nats://a:1?prefix=x,nats://b:1?prefix=y", "different prefixes")]
    [InlineData("nats://u:1@a:1,nats://v:2@b:1", "different users")]
    [InlineData("nats://a:1?queue=x", "queue")]
    public void Addresses_that_contradict_each_other_are_refused(string address, string because) =>
        FluentActions.Invoking(() => Read(address)).Should().Throw<ArgumentException>().WithMessage($"*{because}*");

    [Theory]
    [InlineData("KeepReplies")]
    [InlineData("ReplayWindow")]
    [InlineData("RequireSecurity")]
    [InlineData("ClientCertificateRequired")]
    public void What_has_no_meaning_on_an_engine_is_refused_by_name_by_a_server(string name)
    {
        GawServerOptions options = name switch
        {
            "KeepReplies" => new GawServerOptions { KeepReplies = TimeSpan.FromMinutes(1) },
            "ReplayWindow" => new GawServerOptions { ReplayWindow = TimeSpan.FromMinutes(1), Secret = Secret.Generate() },
            "RequireSecurity" => new GawServerOptions { RequireSecurity = true },
            _ => new GawServerOptions { Tls = new System.Net.Security.SslServerAuthenticationOptions { ClientCertificateRequired = true, ServerCertificateSelectionCallback = static (_, _) => null! } },
        };

        FluentActions.Invoking(() => new GawServer("nats://anna:hunter2@127.0.0.1:4222", options)).Should().Throw<ArgumentException>()
            .Which.Message.Should().Contain(name).And.Contain("nats://127.0.0.1:4222").And.NotContain("hunter2");
    }

    [Theory]
    [InlineData("RetryWhen.KeptReplies")]
    [InlineData("Tls")]
    public void What_has_no_meaning_on_an_engine_is_refused_by_name_by_a_client(string name)
    {
        GawClientOptions options = name == "Tls"
            ? new GawClientOptions { Tls = new System.Net.Security.SslClientAuthenticationOptions() }
            : new GawClientOptions { RetryWhen = RetryWhen.KeptReplies };

        FluentActions.Invoking(() => new GawClient(["nats://127.0.0.1:4222"], options)).Should().Throw<ArgumentException>().WithMessage($"*{name}*nats://127.0.0.1:4222*");
    }

    private static NatsSettings Read(string address) => NatsSettings.Read(AddressParser.Parse([address], nameof(address)));
}
