using System.Net;
using System.Net.Sockets;
using Gaw.Hosting.Tests.Support;
using Gaw.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Gaw.Hosting.Tests;

/// <summary>What is wrong with a host is said when it starts, all of it, and in words that name the setting.</summary>
public sealed class StartTests
{
    private const string Key = "MDEyMzQ1Njc4OWFiY2RlZg==";

    [Service]
    public interface IEcho
    {
        Task<string> SayAsync(string text);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task All_that_is_wrong_in_the_settings_of_servers_and_clients_is_said_at_once_and_no_secret_with_it()
    {
        LogCollector log = new();
        HostApplicationBuilder builder = TestHost.CreateBuilder(
            [
                "Gaw:Server:MaxFrameBytes".Is("5"), "Gaw:Server:Encrypt".Is("perhaps"), "Gaw:Server:DrainTimeout".Is("soon"), "Gaw:Server:Traces".Is("Sometimes"), "Gaw:Server:Secret".Is("not-the-secret-hunter2"),
                "Gaw:Server:MaxConcurrentCalls".Is("0"), "Gaw:Clients:stock:Retries".Is("-7"), "Gaw:Clients:stock:Secret".Is(Key), "Gaw:Clients:stock:SecretFile".Is("/no/such/file"),
                "ConnectionStrings:prices".Is("10.0.0.7:5555,nowhere"), "Gaw:Clients:prices:SecretFile".Is("/no/such/file"),
            ],
            log);
        builder.Services.AddGawServer();
        builder.Services.AddGawClient("stock");
        builder.Services.AddGawClient("prices");

        Exception thrown = await Thrown(builder);

        string text = string.Join('\n', thrown is AggregateException many ? many.InnerExceptions.Select(static e => e.Message) : [thrown.Message]);
        text.Should().ContainAll(
            "Gaw:Server:MaxFrameBytes is 5. Give MaxFrameBytes 1024 to 1,000,000,000 bytes.",
            "Gaw:Server:Encrypt is \"perhaps\", and takes true or false.",
            "Gaw:Server:DrainTimeout is \"soon\", and takes a duration, hours:minutes:seconds, such as \"00:00:25\".",
            "Gaw:Server:Traces is \"Sometimes\", and takes one of Auto, Always, Never.",
            "Gaw:Server:MaxConcurrentCalls is 0. Give MaxConcurrentCalls at least 1",
            "Gaw:Server:Secret: The secret of 22 characters is not base64",
            "Gaw:Clients:stock:Retries is -7.",
            "Gaw:Clients:stock has both Secret and SecretFile.",
            "The client \"stock\" has no address. Set ConnectionStrings:stock or Gaw:Clients:stock:Address",
            "\"nowhere\" is no server's address",
            "Gaw:Clients:prices:SecretFile: /no/such/file cannot be read");
        (text + thrown + log.Text).Should().NotContain("hunter2").And.NotContain(Key);
    }

    [Theory]
    [InlineData("Gaw:Server:AcceptedSecretFiles", "/run/secrets/old", "Gaw:Server:AcceptedSecretFiles is \"/run/secrets/old\", and takes a list of files. Write each under a number of its own: Gaw:Server:AcceptedSecretFiles:0.")]
    [InlineData("Gaw:Server:AcceptedSecretFiles:0:Path", "/run/secrets/old", "Gaw:Server:AcceptedSecretFiles:0 has keys below it (Path), and stands in a list of files.")]
    [InlineData("Gaw:Server:Port:Number", "5555", "Gaw:Server:Port has keys below it (Number), and takes a whole number. Write one value for Gaw:Server:Port itself.")]
    [InlineData("Gaw:Server:DrainTimeout:Seconds", "5", "Gaw:Server:DrainTimeout has keys below it (Seconds), and takes a duration")]
    [InlineData("Gaw:Server:Traces:0", "Never", "Gaw:Server:Traces has keys below it (0), and takes one of Auto, Always, Never.")]
    [InlineData("Gaw:Server:Secret:hunter2", "hunter2", "Gaw:Server:Secret has keys below it, and takes the base64 text of a secret. Write the text for Gaw:Server:Secret itself.")]
    [InlineData("Gaw:Server", "hunter2", "Gaw:Server is one value, and takes settings by their names.")]
    [InlineData("Gaw:Clients:stock", "me:hunter2@10.0.0.7:5555", "Gaw:Clients:stock is one value, and takes settings by their names. Write each under its name, for example Gaw:Clients:stock:Address.")]
    public async Task A_value_where_a_list_or_a_section_belongs_is_said_and_so_is_a_section_where_a_value_belongs(string key, string value, string said)
    {
        HostApplicationBuilder builder = TestHost.CreateBuilder([key.Is(value), "ConnectionStrings:stock".Is("10.0.0.7:5555")]);
        builder.Services.AddGawServer().AddService<Echo>();
        builder.Services.AddGawClient("stock");

        (await Thrown(builder)).ToString().Should().Contain(said).And.NotContain("hunter2");
    }

    [Fact]
    public async Task A_list_without_items_and_settings_without_a_value_are_left_out()
    {
        HostApplicationBuilder builder = TestHost.CreateBuilder(["Gaw:Server:AcceptedSecretFiles".Is(""), "Gaw:Server:IdleTimeout".Is(""), "Gaw:Server:Secret".Is(""), "Gaw:Server".Is("")]);
        builder.Services.AddGawServer().AddService<Echo>();
        using IHost host = await builder.StartAsync();

        await host.EndAsync();
    }

    [Theory]
    [InlineData("10.0.0.7:5555, 10.0.0.8:5555", "10.0.0.7:5555,10.0.0.8:5555")]
    [InlineData("gaw://10.0.0.7:5555", "10.0.0.7:5555")]
    [InlineData("dns:///stock.internal:5555", "dns:///stock.internal:5555")]
    public async Task A_client_takes_every_form_of_address(string given, string shown)
    {
        HostApplicationBuilder builder = TestHost.CreateBuilder(["ConnectionStrings:stock".Is(given)]);
        builder.Services.AddGawClient("stock");
        using IHost host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);

        host.Services.GetRequiredKeyedService<GawClient>("stock").Address.Should().Be(shown);
    }

    [Theory]
    [InlineData("nats://me:hunter2@10.0.0.9:4222", "nats:// needs the package Gaw.Nats. Run: dotnet add package Gaw.Nats.")]
    [InlineData("nats://me:hunter2@10.0.0.9:port", "its port is none")]
    [InlineData("pigeon://me:hunter2@10.0.0.9:1", "pigeon:// is no kind of address")]
    [InlineData("me:hunter2@10.0.0.9:1", "it has a user")]
    public async Task A_wrong_address_is_told_at_the_start_without_its_password(string address, string said)
    {
        HostApplicationBuilder builder = TestHost.CreateBuilder(["ConnectionStrings:stock".Is(address)]);
        builder.Services.AddGawClient("stock");

        Exception thrown = await Thrown(builder);

        thrown.ToString().Should().Contain("Gaw:Clients:stock:Address is not usable").And.Contain(said).And.NotContain("hunter2");
    }

    [Fact]
    public async Task An_engine_without_an_address_is_named()
    {
        HostApplicationBuilder builder = TestHost.CreateBuilder();
        builder.Services.AddGawServer().UseNats();

        (await Thrown(builder)).Message.Should().ContainAll("The Gaw server cannot start:", "UseNats() has no address. Set ConnectionStrings:nats");
    }

    [Fact]
    public async Task An_engine_without_its_package_is_named()
    {
        HostApplicationBuilder builder = TestHost.CreateBuilder(["ConnectionStrings:nats".Is("nats://anna:hunter2@10.0.0.9:4222")]);
        builder.Services.AddGawServer().Listen("127.0.0.1:0").UseNats();

        Exception thrown = await Thrown(builder);

        thrown.Message.Should().Contain("nats:// needs the package Gaw.Nats");
        thrown.ToString().Should().NotContain("hunter2");
    }

    [Fact]
    public async Task Every_class_that_cannot_be_a_service_is_named()
    {
        HostApplicationBuilder builder = TestHost.CreateBuilder();
        builder.Services.AddGawServer().AddService<Nothing>().AddService<Empty>();

        (await Thrown(builder)).Message.Should().ContainAll("The Gaw server cannot start:", "Nothing cannot be a service: it has no entrypoint", "Empty cannot be a service: it has no entrypoint");
    }

    [Fact]
    public async Task A_class_whose_dependencies_are_not_registered_is_refused_before_the_server_listens()
    {
        HostApplicationBuilder builder = TestHost.CreateBuilder();
        builder.Services.AddGawServer().AddService<NeedsUri>().AddService<Throws>().AddFilter<FilterNeedsUri>();

        (await Thrown(builder)).Message.Should().ContainAll(
            $"{typeof(NeedsUri).FullName} cannot be made for a call", "System.Uri", $"{typeof(Throws).FullName} cannot be made for a call: the file is not there", $"{typeof(FilterNeedsUri).FullName} cannot be made for a call");
    }

    [Fact]
    public async Task Options_that_contradict_each_other_are_said_together_with_the_classes_that_are_wrong()
    {
        HostApplicationBuilder builder = TestHost.CreateBuilder(["Gaw:Server:Encrypt".Is("true")]);
        builder.Services.AddGawServer().AddService<Nothing>();

        (await Thrown(builder)).Message.Should().ContainAll("Encrypt", "Nothing cannot be a service");
    }

    [Fact]
    public async Task A_port_that_is_taken_ends_the_host_with_the_exception()
    {
        using TcpListener taken = new(IPAddress.Loopback, 0);
        taken.Start();
        HostApplicationBuilder builder = TestHost.CreateBuilder(["Gaw:Server:Port".Is($"{((IPEndPoint)taken.LocalEndpoint).Port}")]);
        builder.Services.AddGawServer().AddService<Echo>();
        using IHost host = builder.Build();

        await FluentActions.Awaiting(() => host.RunAsync(Cancellation).WithinAsync(TestTimeouts.Limit, static () => "the host did not end")).Should().ThrowAsync<SocketException>();
    }

    [Fact]
    public async Task A_key_that_is_no_setting_is_a_warning_that_names_those_that_are()
    {
        LogCollector log = new();
        HostApplicationBuilder builder = TestHost.CreateBuilder(["Gaw:Server:MaxFrameByte".Is("5000"), "Gaw:Server:IdleTimeout".Is("")], log);
        builder.Services.AddGawServer().AddService<Echo>();
        using IHost host = await builder.StartAsync();

        log.Entries.Should().ContainSingle(static entry => entry.Level == LogLevel.Warning && entry.Text.Contains("Gaw:Server:MaxFrameByte is no setting of Gaw", StringComparison.Ordinal) && entry.Text.Contains("MaxFrameBytes", StringComparison.Ordinal));
        await host.EndAsync();
    }

    [Fact]
    public async Task A_secret_in_a_section_signs_and_encrypts_and_is_shown_nowhere()
    {
        LogCollector log = new();
        HostApplicationBuilder builder = TestHost.CreateBuilder(["Gaw:Server:Secret".Is(Key), "Gaw:Server:Encrypt".Is("true")], log);
        builder.Services.AddGawServer().AddService<Echo>();
        using IHost host = await builder.StartAsync();
        await using GawClient client = host.Connect(new GawClientOptions { Secret = Secret.FromBase64(Key), Encrypt = true });

        client.Call<string>("echo/say", ["tea"]).Should().Be("tea");
        GawServerSettings settings = host.Services.GetRequiredService<IOptionsMonitor<GawServerSettings>>().Get("");
        System.Text.Json.JsonSerializer.Serialize(settings).Should().NotContain(Key);
        log.Text.Should().NotContain(Key);
        await host.EndAsync();
    }

    [Fact]
    public async Task A_client_that_calls_before_the_server_listens_waits_and_gets_its_answer()
    {
        using TcpListener free = new(IPAddress.Loopback, 0);
        free.Start();
        int port = ((IPEndPoint)free.LocalEndpoint).Port;
        free.Stop();
        HostApplicationBuilder builder = TestHost.CreateBuilder(["Gaw:Server:Port".Is($"{port}"), "ConnectionStrings:self".Is($"127.0.0.1:{port}")]);
        builder.Services.AddGawServer().AddService<Echo>();
        builder.Services.AddGawClient<IEcho>("self");
        builder.Services.AddSingleton<Early>().AddHostedService(static services => services.GetRequiredService<Early>());
        using IHost host = await builder.StartAsync();

        (await host.Services.GetRequiredService<Early>().Answer.WithinAsync(TestTimeouts.Limit, static () => "no answer came")).Should().Be("early");
        await host.EndAsync();
    }

    [Fact]
    public async Task Several_servers_run_in_one_host_each_with_its_own_section()
    {
        HostApplicationBuilder builder = TestHost.CreateBuilder(["Gaw:Servers:inside:Port".Is("0"), "Gaw:Servers:inside:Secret".Is(Key)]);
        builder.Services.AddGawServer().AddService<Echo>();
        builder.Services.AddGawServer("inside").AddService<Echo>("echo_inside");
        using IHost host = await builder.StartAsync();
        await using GawClient outside = host.Connect();
        await using GawClient inside = new("127.0.0.1", host.Services.GetRequiredKeyedService<GawServer>("inside").LocalEndPoint.Port, new GawClientOptions { Secret = Secret.FromBase64(Key) });

        outside.Call<string>("echo/say", ["out"]).Should().Be("out");
        inside.Call<string>("echo_inside/say", ["in"]).Should().Be("in");
        await host.EndAsync();
    }

    [Fact]
    public async Task Changed_settings_change_nothing_and_say_that_a_restart_applies_them()
    {
        LogCollector log = new();
        HostApplicationBuilder builder = TestHost.CreateBuilder(log: log);
        builder.Services.AddGawServer().AddService<Echo>();
        using IHost host = await builder.StartAsync();

        builder.Configuration["Gaw:Server:MaxConcurrentCalls"] = "7";
        ((IConfigurationRoot)builder.Configuration).Reload();

        await Eventually.BecomesTrueAsync(() => log.Text.Contains("The settings in Gaw:Server have changed. Restart the process to apply them.", StringComparison.Ordinal), () => log.Text);
        await host.EndAsync();
    }

    [Fact]
    public void Every_setting_is_a_property_and_every_property_a_setting()
    {
        Settings.ServerSettings.Known.Keys.Should().BeEquivalentTo(typeof(GawServerSettings).GetProperties().Select(static p => p.Name));
        Settings.ClientSettings.Known.Keys.Should().BeEquivalentTo(typeof(GawClientSettings).GetProperties().Select(static p => p.Name));
    }

    [Fact]
    public async Task A_step_in_code_has_the_last_word_and_one_that_returns_nothing_is_named()
    {
        HostApplicationBuilder builder = TestHost.CreateBuilder(["Gaw:Server:MaxConnections".Is("5")]);
        GawServerOptions? seen = null;
        builder.Services.AddGawServer().AddService<Echo>().ConfigureOptions((_, options) => seen = options with { MaxConcurrentCalls = 3 });
        using (IHost host = await builder.StartAsync())
        {
            seen!.MaxConnections.Should().Be(5);
            seen.DrainTimeout.Should().Be(TimeSpan.FromSeconds(25), "the host's own time-out is 30 seconds");
            await host.EndAsync();
        }

        HostApplicationBuilder wrong = TestHost.CreateBuilder();
        wrong.Services.AddGawServer().ConfigureOptions(static (_, _) => null!);
        (await Thrown(wrong)).Message.Should().Contain("a step given to ConfigureOptions returned null");
    }

    private static async Task<Exception> Thrown(HostApplicationBuilder builder) =>
        (await Record.ExceptionAsync(builder.StartAsync)).Should().NotBeNull().And.BeAssignableTo<Exception>().Subject;

    public sealed class Echo : IEcho
    {
        public Task<string> SayAsync(string text) => Task.FromResult(text);
    }

    public sealed class Nothing;

    public sealed class Empty;

    public sealed class Throws
    {
        public Throws() => throw new FormatException("the file is not there");

        [Entrypoint]
        public int One() => 1;
    }

    public sealed class FilterNeedsUri(Uri uri) : IGawFilter
    {
        public ValueTask InvokeAsync(GawFilterContext context, GawFilterNext next) => uri.IsFile ? default : next(context);
    }

    public sealed class NeedsUri(Uri uri)
    {
        [Entrypoint]
        public string Show() => $"{uri}";
    }

    public sealed class Early(IEcho echo) : BackgroundService
    {
        private readonly TaskCompletionSource<string> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<string> Answer => _answer.Task;

        protected override async Task ExecuteAsync(CancellationToken stoppingToken) => _answer.TrySetResult(await echo.SayAsync("early"));
    }
}
