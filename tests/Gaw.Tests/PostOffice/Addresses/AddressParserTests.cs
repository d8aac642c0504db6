using Gaw.PostOffice.Addresses;

namespace Gaw.Tests.PostOffice.Addresses;

/// <summary>One reader of addresses for clients, servers, settings and the tool.</summary>
public sealed class AddressParserTests
{
    [Theory]
    [InlineData("10.0.0.1:5555", "gaw 10.0.0.1 5555", "10.0.0.1:5555")]
    [InlineData("stock.internal:5555", "gaw stock.internal 5555", "stock.internal:5555")]
    [InlineData("[::1]:5555", "gaw ::1 5555", "[::1]:5555")]
    [InlineData("gaw://10.0.0.1:5555", "gaw 10.0.0.1 5555", "10.0.0.1:5555")]
    [InlineData("GAW://10.0.0.1:5555/", "gaw 10.0.0.1 5555", "10.0.0.1:5555")]
    [InlineData("gaw://[fe80::1]:1", "gaw fe80::1 1", "[fe80::1]:1")]
    [InlineData("dns:///stock.internal:5555", "dns stock.internal 5555", "dns:///stock.internal:5555")]
    [InlineData("nats://10.0.0.9", "nats 10.0.0.9 0", "nats://10.0.0.9")]
    [InlineData("nats://10.0.0.9:4222", "nats 10.0.0.9 4222", "nats://10.0.0.9:4222")]
    [InlineData("nats://[::1]:4222/?prefix=shop", "nats ::1 4222 prefix=shop", "nats://[::1]:4222")]
    [InlineData("nats://me:pa%40ss%2Cword%3F@h:4222?prefix=a%20b&Name=x", "nats h 4222 me/pa@ss,word? prefix=a b Name=x", "nats://h:4222")]
    [InlineData("nats://token@h", "nats h 0 token/", "nats://h")]
    [InlineData("nats://a@b:c@h", "nats h 0 a@b/c", "nats://h")]
    [InlineData("memory://shop", "memory shop 0", "memory://shop")]
    public void An_address_is_read_whole_and_shown_without_its_secrets(string text, string read, string shown)
    {
        ServerAddress address = AddressParser.Parse([text], "address").Should().ContainSingle().Which;

        string user = address.User is null ? "" : $" {address.User}/{address.Password}";
        $"{address.Scheme} {address.Host} {address.Port}{user}{string.Concat(address.Options.Select(static option => $" {option.Key}={option.Value}"))}".Should().Be(read);
        address.ToString().Should().Be(shown);
        new AddressEndPoint(address).ToString().Should().Be(shown);
    }

    [Theory]
    [InlineData("a:1,b:2", "a:1 b:2")]
    [InlineData(" a:1 , gaw://b:2,dns:///c:3 ", "a:1 b:2 dns:///c:3")]
    [InlineData("a:1,,b:2,", "a:1 b:2")]
    [InlineData("nats://a,nats://u:p@b:4223", "nats://a nats://b:4223")]
    public void Commas_part_addresses(string text, string read) => string.Join(' ', AddressParser.Parse([text], "address")).Should().Be(read);

    [Theory]
    [InlineData("", "at least one server")]
    [InlineData(" , ", "at least one server")]
    [InlineData("nowhere", "\"nowhere\" is no server's address: it has no port. Give host and port, for example \"10.0.0.1:5555\" or")]
    [InlineData("5555", "\"5555\" is no server's address: it has no port")]
    [InlineData("10.0.0.1:", "its port is none, which is from 1 to 65535.")]
    [InlineData("10.0.0.1:0", "its port is none")]
    [InlineData("10.0.0.1:65536", "its port is none")]
    [InlineData("10.0.0.1:-1", "its port is none")]
    [InlineData("10.0.0.1:+1", "its port is none")]
    [InlineData("10.0.0.1:5555 x", "its port is none")]
    [InlineData(":5555", "it has no host")]
    [InlineData("::1:5555", "or \"[::1]:5555\"")]
    [InlineData("fe80::1", "an IPv6 address stands in brackets")]
    [InlineData("[10.0.0.1]:5555", "neither an IP address nor a name")]
    [InlineData("[::1:5555", "an IPv6 address stands in brackets")]
    [InlineData("[]:5555", "neither an IP address nor a name")]
    [InlineData("a b:5555", "neither an IP address nor a name")]
    [InlineData("a\0b:5555", "neither an IP address nor a name")]
    [InlineData("gaw://10.0.0.1", "it has no port")]
    [InlineData("gaw://10.0.0.1:5555/stock", "it has a path")]
    [InlineData("10.0.0.1:5555/stock", "it has a path")]
    [InlineData("gaw://10.0.0.1:5555?x=1", "it has options")]
    [InlineData("gaw://me@10.0.0.1:5555", "it has a user")]
    [InlineData("dns://stock:5555", "Write three slashes")]
    [InlineData("dns://8.8.8.8/stock:5555", "Write three slashes")]
    [InlineData("dns:///stock", "Write it like \"dns:///stock.internal:5555\"")]
    [InlineData("dns:///", "it has no host")]
    [InlineData("://a:1", "is no scheme")]
    [InlineData("a b://a:1", "is no scheme")]
    [InlineData("nats://", "it has no host")]
    [InlineData("nats://h:4222?prefix", "stand options")]
    [InlineData("nats://h:4222?a=1&a=2", "stand options")]
    [InlineData("nats://h:4222?=1", "stand options")]
    public void What_is_no_address_is_refused_with_what_to_do(string text, string reason)
    {
        Action parsing = () => AddressParser.Parse([text], "address");

        parsing.Should().Throw<ArgumentException>().WithMessage($"*{reason}*").Which.ParamName.Should().Be("address");
    }

    [Fact]
    public void All_wrong_addresses_are_told_at_once()
    {
        Action parsing = () => AddressParser.Parse(["nowhere,10.0.0.1:5555", null!, "10.0.0.1:x"], "servers");

        parsing.Should().Throw<ArgumentException>().WithMessage("*\"nowhere\"*\"10.0.0.1:x\"*");
    }

    [Theory]
    [InlineData("nats://me:q7qw9w@:4222")]
    [InlineData("nats://me:q7qw9w@h:x")]
    [InlineData("nats://me:q7qw9w@h:4222/path")]
    [InlineData("nats://me:q7q/w9w@h:4222")]
    [InlineData("nats://me:q7q?w9w@h:4222")]
    [InlineData("nats://me:a,q7qw9w@h:4222")]
    [InlineData("nats://me:a,q7qw9w,b@h:4222")]
    [InlineData("nats://me:q7qw9w")]
    [InlineData("nats://me:q7qw9w:4222")]
    [InlineData("nats://h:x?password=q7qw9w")]
    [InlineData("nats://h:x@y:z?password=q7qw9w")]
    [InlineData("nats://h?q7qw9w")]
    [InlineData("gaw://me:q7qw9w@h:1")]
    [InlineData("me:q7qw9w@h:1")]
    [InlineData("dns:///me:q7qw9w@h:1")]
    [InlineData("dns://me:q7qw9w@h:1")]
    public void No_message_shows_a_password(string text)
    {
        Action parsing = () => AddressParser.Parse([text], "address");

        string said = parsing.Should().Throw<ArgumentException>().Which.ToString();
        said.Should().NotContain("q7q").And.NotContain("w9w");
    }

    [Theory]
    [InlineData("10.0.0.1:5555", "10.0.0.1:5555")]
    [InlineData("[::1]:5555", "[::1]:5555")]
    [InlineData("stock:5555", "stock:5555")]
    public void An_end_point_prints_as_it_was_written(string text, string shown) => AddressEndPoint.Of(AddressParser.Parse([text], "address")[0]).ToString().Should().Be(shown);
}
