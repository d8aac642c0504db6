using System.Net;
using System.Net.Sockets;
using Gaw.Tool.Tests.Support;

namespace Gaw.Tool.Tests;

/// <summary>Secrets: how they are given, and that they are never shown.</summary>
public sealed class SecretTests
{
    private static readonly string Right = Secret.Generate().Reveal();
    private static readonly string Wrong = Secret.Generate().Reveal();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_secret_is_taken_from_the_environment_a_file_stdin_or_the_command_line(bool encrypt)
    {
        await using Sample sample = await Sample.StartAsync(new GawServerOptions { Secret = Right, Encrypt = encrypt });
        string file = Path.GetTempFileName();
        string[] call = ["call", sample.Address, "math_service/plus", "1", "2", .. encrypt ? new[] { "--encrypt" } : []];
        try
        {
            await File.WriteAllTextAsync(file, Right + "\n", TestContext.Current.CancellationToken);

            (await ToolRun.RunAsync(call, variables: new() { ["GAW_SECRET"] = Right })).Should().Be(new ToolRun(0, "hello!: 3\n", ""));
            (await ToolRun.RunAsync([.. call, "--secret-file", file])).Should().Be(new ToolRun(0, "hello!: 3\n", ""));
            (await ToolRun.RunAsync([.. call, "--secret", "-"], Right + "\n")).Should().Be(new ToolRun(0, "hello!: 3\n", ""));
            ToolRun argv = await ToolRun.RunAsync([.. call, "--secret", Right]);
            argv.Should().Match<ToolRun>(r => r.ExitCode == 0 && r.Out == "hello!: 3\n");
            Approved.Check(argv.Error, "warning_secret.txt");
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task A_secret_that_does_not_fit_has_an_exit_code_of_its_own()
    {
        await using Sample signed = await Sample.StartAsync(new GawServerOptions { Secret = Right });
        await using Sample encrypted = await Sample.StartAsync(new GawServerOptions { Secret = Right, Encrypt = true });
        await using Sample plain = await Sample.StartAsync();
        List<string> said = [];
        foreach ((string what, Sample server, string[] options) in new (string, Sample, string[])[]
        {
            ("none", signed, []),
            ("none, encrypted", encrypted, []),
            ("signs only", encrypted, ["--secret", Right]),
            ("wrong", signed, ["--secret", Wrong]),
            ("encrypts", signed, ["--secret", Right, "--encrypt"]),
            ("server without", plain, ["--secret", Right]),
        })
        {
            ToolRun run = await ToolRun.RunAsync(["call", server.Address, "math_service/plus", "1", "2", .. options]);
            run.ExitCode.Should().Be(5, "{0}: {1}", what, run.Error);
            said.Add($"{what}: {run.Error.Split('\n')[^2]}\n");
        }

        Approved.Check(string.Concat(said), "error_secrets.txt");
    }

    [Fact]
    public async Task What_is_no_gaw_server_is_not_taken_for_a_secret_that_does_not_fit()
    {
        using TcpListener web = new(IPAddress.Loopback, 0);
        web.Start();
        int port = ((IPEndPoint)web.LocalEndpoint).Port;
        Task<ToolRun> running = ToolRun.RunAsync(["health", $"{port}"], variables: new() { ["GAW_SECRET"] = Right });
        using TcpClient peer = await web.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        await peer.GetStream().ReadExactlyAsync(new byte[1], TestContext.Current.CancellationToken);
        await peer.GetStream().WriteAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);

        ToolRun run = await running;

        run.ExitCode.Should().Be(3);
        Approved.Check(run.Error, "error_no_gaw_server.txt", port);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("--trace", "-v")]
    [InlineData("--no-such-option")]
    [InlineData("--timeout", "soon")]
    public async Task A_secret_on_the_command_line_is_never_printed(params string[] options)
    {
        await using Sample sample = await Sample.StartAsync();
        foreach (string secret in new[] { Right, "not-a-secret-but-meant-as-one" })
        {
            ToolRun run = await ToolRun.RunAsync(["call", sample.Address, "math_service/nothing", "--secret", secret, .. options]);
            (run.Out + run.Error).Should().NotContain(secret);
            ToolRun inOne = await ToolRun.RunAsync(["call", sample.Address, "math_service/nothing", "--secret=" + secret, .. options]);
            (inOne.Out + inOne.Error).Should().NotContain(secret);
        }
    }

    [Fact]
    public async Task A_server_with_a_secret_serves_those_who_have_it()
    {
        await using ServingTool tool = await ToolRun.ServeAsync(Sample.Assembly, "--port", "0", "--kwarg", "hello_msg=hello!", "--secret", Right, "--is_encrypt");

        (await ToolRun.RunAsync(["list", $"{tool.Port}", "--encrypt"], variables: new() { ["GAW_SECRET"] = Right })).Out.Should().StartWith("math_service/plus(");
        (await ToolRun.RunAsync("list", $"{tool.Port}")).ExitCode.Should().Be(5);
    }

    [Theory]
    [InlineData(44, "secret", "new")]
    [InlineData(24, "secret", "new", "--bits", "128")]
    public async Task A_new_secret_is_written_alone(int length, params string[] args)
    {
        ToolRun run = await ToolRun.RunAsync(args);

        run.Error.Should().BeEmpty();
        run.Out.TrimEnd('\n').Should().HaveLength(length);
        Secret.FromBase64(run.Out.TrimEnd('\n')).Bits.Should().Be(length == 44 ? 256 : 128);
    }

    [Fact]
    public async Task A_new_secret_in_a_file_is_for_its_owner_alone()
    {
        string folder = Directory.CreateTempSubdirectory("gaw").FullName;
        string file = Path.Combine(folder, "gaw.secret");
        try
        {
            (await ToolRun.RunAsync("secret", "new", "--output", file)).Should().Be(new ToolRun(0, "", ""));
            Secret.FromFile(file).Bits.Should().Be(256);
            if (!OperatingSystem.IsWindows())
            {
                File.GetUnixFileMode(file).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }

            ToolRun again = await ToolRun.RunAsync("secret", "new", "-o", file);
            again.ExitCode.Should().Be(1);
            again.Error.Should().Contain("is there already");
            (await ToolRun.RunAsync("secret", "new", "-o", Path.Combine(folder, "no", "such", "folder"))).ExitCode.Should().Be(1);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("The secret file cannot be read: its name is empty.", "health", "1", "--secret-file", "")]
    [InlineData("The output cannot be written: the name of its file is empty.", "secret", "new", "-o", "")]
    [InlineData("The output cannot be written: the name of its file is empty.", "generate", "csharp", "ADDRESS", "-o", "")]
    [InlineData("The output cannot be written: the name of its file is empty.", "generate", "python", "ADDRESS", "--output", "")]
    [InlineData("The data file cannot be read: its name is empty.", "call", "ADDRESS", "math_service/plus", "--data", "@")]
    [InlineData("The data file cannot be read: its name is empty.", "call", "ADDRESS", "math_service/plus", "--json-args", "")]
    public async Task A_file_whose_name_is_empty_as_from_an_empty_variable_is_said_to_be_so(string said, params string[] words)
    {
        await using Sample sample = await Sample.StartAsync();

        ToolRun run = await ToolRun.RunAsync([.. words.Select(word => word == "ADDRESS" ? sample.Address : word)]);

        run.ExitCode.Should().Be(1);
        run.Error.Should().StartWith("gaw: " + said).And.NotContain("Exception").And.NotContain("Parameter");
    }

    [Fact]
    public async Task A_size_that_is_none_and_two_secrets_are_refused()
    {
        ToolRun bits = await ToolRun.RunAsync("secret", "new", "--bits", "64");
        ToolRun two = await ToolRun.RunAsync("health", "1", "--secret", Right, "--secret-file", "x");
        ToolRun file = await ToolRun.RunAsync("health", "1", "--secret-file", "/there/is/none");

        new[] { bits.ExitCode, two.ExitCode, file.ExitCode }.Should().AllBeEquivalentTo(1);
        Approved.Check(bits.Error + two.Error + file.Error, "error_secret_options.txt");
    }
}
