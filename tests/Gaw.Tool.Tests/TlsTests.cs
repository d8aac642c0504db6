using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Gaw.Tool.Tests.Support;

namespace Gaw.Tool.Tests;

/// <summary>TLS through the tool, on both sides, and what is said where the two sides do not agree.</summary>
public sealed class TlsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gaw").FullName;
    private readonly string _certificate;
    private readonly string _key;

    public TlsTests() => (_certificate, _key) = SelfSigned.Write(_folder, "server", "localhost");

    [Fact]
    public async Task Every_command_calls_a_server_with_tls()
    {
        await using GawServer server = await StartAsync();
        string address = $"localhost:{server.LocalEndPoint.Port}";
        foreach (string[] line in new string[][] { ["call", address, "math_service/plus", "1", "2"], ["list", address], ["describe", address], ["health", address], ["generate", "csharp", address], ["generate", "python", address], ["bench", address, "math_service/plus", "1", "2", "-d", "20ms", "--warmup", "10ms"] })
        {
            ToolRun run = await ToolRun.RunAsync([.. line, "--tls-ca", _certificate]);
            run.ExitCode.Should().Be(0, "{0}: {1}", string.Join(' ', line), run.Error);
        }

        (await ToolRun.RunAsync(["shell", address, "--tls-ca", _certificate], "math_service.plus(1, 2)\n")).Should().Be(new ToolRun(0, "hello!: 3\n", ""));
        (await ToolRun.RunAsync(["call", address, "math_service/plus", "1", "2"], variables: new() { ["GAW_TLS"] = "1", ["GAW_TLS_CA"] = _certificate })).Should().Be(new ToolRun(0, "hello!: 3\n", ""));
        (await ToolRun.RunAsync(["call", $"127.0.0.1:{server.LocalEndPoint.Port}", "math_service/plus", "1", "2", "--tls-ca", _certificate, "--tls-host", "localhost"])).Out.Should().Be("hello!: 3\n");
        (await ToolRun.RunAsync("call", address, "math_service/plus", "1", "2", "--insecure")).Should().Be(new ToolRun(0, "hello!: 3\n", "gaw: warning: the server's certificate is not checked (--insecure).\n"));
    }

    [Fact]
    public async Task What_does_not_fit_is_said_with_the_option_that_mends_it()
    {
        await using GawServer tls = await StartAsync();
        await using GawServer mutual = await StartAsync(wantsCertificate: true);
        await using Sample plain = await Sample.StartAsync();
        using TcpListener ssh = new(IPAddress.Loopback, 0);
        ssh.Start();
        _ = GreetAsync(ssh, "SSH-2.0-OpenSSH_9.2\r\n");
        using TcpListener web = new(IPAddress.Loopback, 0);
        web.Start();
        _ = GreetAsync(web, "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
        string other = SelfSigned.Write(_folder, "other", "localhost").Certificate;
        (string What, string Address, string[] Options)[] rows =
        [
            ("a server with TLS, without", $"localhost:{tls.LocalEndPoint.Port}", []),
            ("a server that wants certificates, without TLS", $"localhost:{mutual.LocalEndPoint.Port}", []),
            ("one whose certificate nobody knows", $"localhost:{tls.LocalEndPoint.Port}", ["--tls"]),
            ("with another authority", $"localhost:{tls.LocalEndPoint.Port}", ["--tls-ca", other]),
            ("with another name", $"127.0.0.1:{tls.LocalEndPoint.Port}", ["--tls-ca", _certificate, "--tls-host", "server.internal"]),
            ("one without TLS", plain.Address, ["--tls"]),
            ("SSH", $"127.0.0.1:{((IPEndPoint)ssh.LocalEndpoint).Port}", []),
            ("HTTP", $"127.0.0.1:{((IPEndPoint)web.LocalEndpoint).Port}", []),
            ("a file that is not there", plain.Address, ["--tls-ca", "/there/is/none"]),
            ("a file that is none", plain.Address, ["--tls-ca", Sample.Assembly]),
            ("a key alone", plain.Address, ["--tls-key", _key]),
            ("a certificate without its key", plain.Address, ["--tls-cert", _certificate]),
            ("a certificate in the place of its key", plain.Address, ["--tls-cert", _certificate, "--tls-key", _certificate]),
            ("a key of another certificate", plain.Address, ["--tls-cert", other, "--tls-key", _key]),
        ];
        List<string> said = [];
        foreach ((string what, string address, string[] options) in rows)
        {
            ToolRun run = await ToolRun.RunAsync(["call", address, "math_service/plus", "1", "2", "--timeout", "5s", .. options]);
            run.Out.Should().BeEmpty(what);
            string port = address.Split(':')[1];
            said.Add($"{what}\n  {run.ExitCode} {run.Error.Replace(port, "PORT", StringComparison.Ordinal).Replace(_folder, "FOLDER", StringComparison.Ordinal).Replace(Sample.Assembly, "MathService.dll", StringComparison.Ordinal)}");
        }

        Approved.Check(string.Concat(said), "error_tls.txt");
        (await ToolRun.RunAsync("health", $"localhost:{tls.LocalEndPoint.Port}")).ExitCode.Should().Be(5, "whether it is well cannot be told");
    }

    [Fact]
    public async Task Run_serves_tls_and_lets_in_whom_an_authority_vouches_for()
    {
        (string own, string ownKey) = SelfSigned.Write(_folder, "client", "client");
        string[] call = ["math_service/plus", "1", "2", "--tls-ca", _certificate];
        await using ServingTool open = await ToolRun.ServeAsync(Sample.Assembly, "--port", "0", "--kwarg", "hello_msg=hello!", "--tls-cert", _certificate, "--tls-key", _key);
        await using ServingTool closed = await ToolRun.ServeAsync(Sample.Assembly, "--port", "0", "--kwarg", "hello_msg=hello!", "--tls-cert", _certificate, "--tls-key", _key, "--tls-client-ca", own);

        (await ToolRun.RunAsync(["call", $"localhost:{open.Port}", .. call])).Should().Be(new ToolRun(0, "hello!: 3\n", ""));
        (await ToolRun.RunAsync(["call", $"localhost:{closed.Port}", .. call, "--tls-cert", own, "--tls-key", ownKey])).Should().Be(new ToolRun(0, "hello!: 3\n", ""));
        ToolRun refused = await ToolRun.RunAsync(["call", $"localhost:{closed.Port}", .. call]);
        refused.ExitCode.Should().NotBe(0);
        refused.Error.Should().Contain("--tls-cert");
        ToolRun alone = await ToolRun.RunAsync(Sample.Assembly, "--tls-client-ca", own);
        alone.ExitCode.Should().Be(1);
        alone.Error.Should().Be("gaw: --tls-client-ca needs a certificate of the server's own. Give it with --tls-cert FILE --tls-key FILE.\n");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task GreetAsync(TcpListener listener, string greeting)
    {
        try
        {
            while (true)
            {
                _ = AnswerAsync(await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The test is over.
        }

        async Task AnswerAsync(TcpClient accepted)
        {
            using TcpClient client = accepted;
            await client.GetStream().WriteAsync(System.Text.Encoding.ASCII.GetBytes(greeting), TestContext.Current.CancellationToken);
            client.Client.Shutdown(SocketShutdown.Send);
            await client.GetStream().CopyToAsync(Stream.Null, TestContext.Current.CancellationToken);
        }
    }

    private async Task<GawServer> StartAsync(bool wantsCertificate = false)
    {
        SslServerAuthenticationOptions tls = new() { ServerCertificate = X509Certificate2.CreateFromPemFile(_certificate, _key), ClientCertificateRequired = wantsCertificate };
        GawServer server = new GawServer("127.0.0.1", 0, new GawServerOptions { Tls = tls }).Add<MathService>("hello!");
        await server.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }
}
