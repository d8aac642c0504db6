using System.Diagnostics;
using Gaw.Tool.Tests.Support;

namespace Gaw.Tool.Tests;

/// <summary>Client code from a running server.</summary>
public sealed class GenerateTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gaw").FullName;

    [Flags]
    public enum Level
    {
        Low = 1,

        [System.Text.Json.Serialization.JsonStringEnumMemberName("very-high")]
        High = 2,
    }

    [Fact]
    public async Task An_interface_for_csharp_is_written()
    {
        await using Sample sample = await Sample.StartAsync();

        Approved.Check((await ToolRun.RunAsync("generate", "csharp", sample.Address)).Out, "MathService.cs.txt", sample.Port);

        ToolRun refused = await ToolRun.RunAsync("generate", "csharp", sample.Address, "--namespace", "My.1 x");
        refused.ExitCode.Should().Be(1);
        Approved.Check(refused.Out + refused.Error, "error_namespace.txt");
    }

    [Fact]
    public async Task Names_and_types_of_all_kinds_are_written_for_csharp()
    {
        await using GawServer server = new GawServer("127.0.0.1", 0).Add<Odd>();
        await server.StartAsync(TestContext.Current.CancellationToken);

        Approved.Check((await ToolRun.RunAsync("generate", "csharp", $"{server.LocalEndPoint.Port}", "--namespace", "Odd.Things")).Out, "Odd.cs.txt", server.LocalEndPoint.Port);
        Approved.Check((await ToolRun.RunAsync("generate", "python", $"{server.LocalEndPoint.Port}")).Out.Split("# end of client")[^1], "Odd.py.txt", server.LocalEndPoint.Port);
    }

    [Fact]
    public async Task A_module_for_python_is_the_one_beside_the_sample_and_works()
    {
        await using Sample sample = await Sample.StartAsync();
        string module = Path.Combine(_folder, "math_client.py");
        string samples = Path.Combine(Repository.Root, "samples", "MathService");

        (await ToolRun.RunAsync("generate", "python", sample.Address, "-o", module)).Should().Be(new ToolRun(0, "", ""));

        (await File.ReadAllTextAsync(module, TestContext.Current.CancellationToken)).Replace($":{sample.Port}", ":5555", StringComparison.Ordinal).Replace($", {sample.Port})", ", 5555)", StringComparison.Ordinal)
            .Should().Be(await File.ReadAllTextAsync(Path.Combine(samples, "math_client.py"), TestContext.Current.CancellationToken));
        File.Copy(Path.Combine(samples, "call_from_python.py"), Path.Combine(_folder, "call_from_python.py"));
        (await PythonAsync(Path.Combine(_folder, "call_from_python.py"), $"{sample.Port}"))
            .Should().Be("hello!: 30\nDivision(header='hello!', quotient=3, rest=2)\n6.5 2.0 3.0\nDivideByZeroException\n");
    }

    [Fact]
    public async Task A_stream_is_a_list_in_the_module_beside_the_sample()
    {
        await using GawServer server = new GawServer("127.0.0.1", 0).Add<Streams.Depot>();
        await server.StartAsync(TestContext.Current.CancellationToken);
        int port = server.LocalEndPoint.Port;
        string module = Path.Combine(_folder, "depot_client.py");
        string samples = Path.Combine(Repository.Root, "samples", "Streams");

        (await ToolRun.RunAsync("generate", "python", $"{port}", "-o", module)).Should().Be(new ToolRun(0, "", ""));

        string written = (await File.ReadAllTextAsync(module, TestContext.Current.CancellationToken)).Replace($":{port}", ":5555", StringComparison.Ordinal).Replace($", {port})", ", 5555)", StringComparison.Ordinal);
        Approved.CheckFile(written, Path.Combine(samples, "depot_client.py"));
        File.Copy(Path.Combine(samples, "export_to_python.py"), Path.Combine(_folder, "export_to_python.py"));
        (await PythonAsync(Path.Combine(_folder, "export_to_python.py"), $"{port}")).Should().StartWith("list ['bolt', 'nail', 'screw'");
    }

    [Fact]
    public async Task A_module_for_python_signs_and_carries_values_of_all_kinds()
    {
        string secret = Secret.Generate().Reveal();
        await using GawServer server = new GawServer("127.0.0.1", 0, new GawServerOptions { Secret = secret }).Add<Odd>();
        await server.StartAsync(TestContext.Current.CancellationToken);
        ToolRun written = await ToolRun.RunAsync(["generate", "python", $"{server.LocalEndPoint.Port}", "-o", Path.Combine(_folder, "odd.py")], variables: new() { ["GAW_SECRET"] = secret });
        written.ExitCode.Should().Be(0, written.Error);
        string script = Path.Combine(_folder, "use.py");
        await File.WriteAllTextAsync(script, """
            import sys, uuid, datetime, odd
            with odd.Client("127.0.0.1", int(sys.argv[1]), sys.argv[2]) as client:
                service = odd.OddName(client)
                client_value = odd.Client_(if_=1)
                print(service.class_(client_value))
                print(service.later(datetime.datetime(2016, 7, 29, 11, 18, 20)), service.later())
                print(service.pairs([(1, "a")], {"k": {1, 2}}))
                print(service.nothing())
                print(service.clients(1, 0), service.count(), service.count(to=0))
            try:
                odd.OddName(odd.Client("127.0.0.1", int(sys.argv[1]))).nothing()
            except ConnectionError as error:
                print(error)
            with odd.Client("127.0.0.1", int(sys.argv[1]), sys.argv[2] + "\n") as client:
                print(odd.OddName(client).nothing())
            for wrong in ("", "AAAA", "abc", "m\u00fcll", "!" * 24):
                try:
                    odd.Client("127.0.0.1", int(sys.argv[1]), wrong)
                except ValueError as error:
                    print(error)
            try:
                odd.Client("127.0.0.1", int(sys.argv[1]), tls=True)
            except TypeError as error:
                print(error)
            """, TestContext.Current.CancellationToken);

        (await PythonAsync(script, $"{server.LocalEndPoint.Port}", secret)).Should().Be("""
            Client_(if_=1, level=None)
            2016-07-29 11:18:20 None
            {'k': {1, 2}}
            None
            [Client_(if_=1, level=None), None] [1, 2, 3] []
            the server does not answer in plain: it wants a secret, or TLS
            None
            a secret is the base64 text of 16, 24 or 32 bytes; gaw secret new makes one
            a secret is the base64 text of 16, 24 or 32 bytes; gaw secret new makes one
            a secret is the base64 text of 16, 24 or 32 bytes; gaw secret new makes one
            a secret is the base64 text of 16, 24 or 32 bytes; gaw secret new makes one
            a secret is the base64 text of 16, 24 or 32 bytes; gaw secret new makes one
            tls takes an ssl.SSLContext: tls=ssl.create_default_context()

            """.ReplaceLineEndings("\n"));
    }

    [Theory]
    [InlineData("cryptography")]
    [InlineData("Crypto")]
    [InlineData("nothing")]
    public async Task A_module_for_python_encrypts_with_what_there_is_and_says_what_is_missing(string package)
    {
        string secret = Secret.Generate().Reveal();
        await using GawServer server = new GawServer("127.0.0.1", 0, new GawServerOptions { Secret = secret, Encrypt = true }).Add<MathService>("hello!");
        await server.StartAsync(TestContext.Current.CancellationToken);
        string port = $"{server.LocalEndPoint.Port}";
        ToolRun written = await ToolRun.RunAsync(["generate", "python", port, "--encrypt", "-o", Path.Combine(_folder, "math_client.py")], variables: new() { ["GAW_SECRET"] = secret });
        written.Should().Be(new ToolRun(0, "", "gaw: the module encrypts, and needs the package cryptography or pycryptodome where it runs: pip install cryptography.\n"));
        string script = Path.Combine(_folder, "use.py");
        await File.WriteAllTextAsync(script, """
            import sys
            port, secret, package = int(sys.argv[1]), sys.argv[2], sys.argv[3]
            for other in {"cryptography", "Crypto"} - {package}:
                sys.modules[other] = None
            try:
                if package != "nothing":
                    __import__(package)
            except ImportError:
                print("not here")
                sys.exit()
            import math_client
            try:
                with math_client.Client("127.0.0.1", port, secret) as client:
                    print(math_client.MathService(client).plus(10, 20), math_client.MathService(client).sum(*range(1000)))
            except ImportError as error:
                print(error)
                sys.exit()
            for other in (dict(secret=secret, encrypt=False), dict(secret="AAAAAAAAAAAAAAAAAAAAAA==")):
                try:
                    math_client.MathService(math_client.Client("127.0.0.1", port, **other)).plus(1, 2)
                except ConnectionError as error:
                    print(error)
            """, TestContext.Current.CancellationToken);

        string said = await PythonAsync(script, port, secret, package);

        Assert.SkipWhen(said == "not here\n", $"Python has no package {package} here.");
        said.Should().Be(package == "nothing" ? "encrypt=True needs the package cryptography or pycryptodome: pip install cryptography\n" : """
            hello!: 30 499500.0
            the answer is signed with another secret, or the server encrypts: check the secret, and encrypt=True
            the answer is encrypted with another secret, or the server does not encrypt: check the secret, and encrypt=False

            """.ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task A_module_for_python_speaks_tls()
    {
        (string certificate, string key) = SelfSigned.Write(_folder, "server", "localhost");
        using System.Security.Cryptography.X509Certificates.X509Certificate2 own = System.Security.Cryptography.X509Certificates.X509Certificate2.CreateFromPemFile(certificate, key);
        await using GawServer server = new GawServer("127.0.0.1", 0, new GawServerOptions { Tls = new() { ServerCertificate = own } }).Add<MathService>("hello!");
        await server.StartAsync(TestContext.Current.CancellationToken);
        string port = $"{server.LocalEndPoint.Port}";
        (await ToolRun.RunAsync("generate", "python", "localhost:" + port, "--tls-ca", certificate, "-o", Path.Combine(_folder, "math_client.py"))).Should().Be(new ToolRun(0, "", ""));
        string script = Path.Combine(_folder, "use.py");
        await File.WriteAllTextAsync(script, """
            import ssl, sys, math_client
            with math_client.Client("localhost", int(sys.argv[1]), tls=ssl.create_default_context(cafile=sys.argv[2])) as client:
                print(math_client.MathService(client).plus(10, 20))
            """, TestContext.Current.CancellationToken);

        (await PythonAsync(script, port, certificate)).Should().Be("hello!: 30\n");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task<string> PythonAsync(params string[] arguments)
    {
        ProcessStartInfo start = new("python3", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("There is no python3 on the path, and this test runs a Python module.");
            throw;
        }

        using (process)
        {
            Task<string> error = process.StandardError.ReadToEndAsync();
            string said = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            return said + await error;
        }
    }

    /// <summary>Keywords, reserved names, defaults and types of all kinds.</summary>
    [Service("odd-name")]
    public sealed class Odd
    {
        /// <summary>Takes a "keyword" &amp; gives it back.</summary>
        [Entrypoint("class")]
        public Client Class(Client @event) => @event;

        [Entrypoint]
        public DateTime? Later(DateTime? when = null, decimal price = 1.5m, float f = 0.5f, char c = '\'', string text = "a \"b\"", Level level = Level.High, Guid id = default) => when;

        [Entrypoint]
        public Dictionary<string, HashSet<int>> Pairs(List<(int, string)> pairs, Dictionary<string, HashSet<int>> sets) => sets;

        [Entrypoint]
        public Task NothingAsync() => Task.CompletedTask;

        [Entrypoint]
        public IAsyncEnumerable<Client?> Clients(params int[] ifs) => ifs.Select(static i => i == 0 ? null : new Client(i)).ToAsyncEnumerable();

        /// <summary>Counts.</summary>
        [Entrypoint]
        public IAsyncEnumerable<int> Count(int to = 3) => Enumerable.Range(1, to).ToAsyncEnumerable();
    }

    [GawSerializable]
    public sealed record Client([property: System.Text.Json.Serialization.JsonPropertyName("if_")] int If, Level? Level = null);
}
