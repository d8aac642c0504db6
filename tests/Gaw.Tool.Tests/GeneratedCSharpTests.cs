using System.Globalization;
using System.Numerics;
using System.Reflection;
using System.Text.Json.Serialization;
using Gaw.Tool.Tests.Support;

namespace Gaw.Tool.Tests;

/// <summary>What <c>gaw generate csharp</c> writes is compiled, and calls the server it came from.</summary>
public sealed class GeneratedCSharpTests
{
    private const string Calls = """
        using System;
        using System.Collections.Generic;
        using System.Threading;
        using System.Threading.Tasks;
        using Gaw;
        using GawServices;

        public static class Calls
        {
            public static async Task<List<string>> RunAsync(GawClient client, CancellationToken token)
            {
                IToolBox box = client.For<IToolBox>();
                (int Count, string Text) pair = await box.SwapAsync(("a", 1));
                Shelf shelf = await box.FillAsync(new Shelf("wood", [new Thing("nail", 3)], Spare: new Thing("screw")), token);
                await box.NothingAsync();
                string things = "";
                await foreach (Thing? thing in box.ThingsAsync("nail", cancellationToken: token))
                {
                    things += $"{thing?.Name ?? "none"} {thing?.Count ?? 0};";
                }

                await foreach (int number in box.NumbersAsync(1, 2))
                {
                    things += number;
                }

                await foreach (int number in box.NumbersAsync(token, 3))
                {
                    things += number;
                    break;
                }

                List<double> reports = [];
                things += await box.WorkAsync(2, new Reports(reports), token) + await box.WorkAllAsync(1, 2) + reports[^1];
                return
                [
                    await box.JoinAsync("-", 2),
                    await box.JoinAsync("-", 2, 1, 2, 3),
                    await box.JoinAsync("-", 2, token, 1, 2, 3),
                    await box.JoinAsync("-", items: [4, 5]),
                    await box.CountAsync(),
                    await box.CountAsync("x", null),
                    await box.DefaultsAsync(),
                    await box.DefaultsAsync(number: 7, letter: 'z', kinds: Kinds.Sharp, cancellationToken: token),
                    $"{pair.Count} {pair.Text}",
                    $"{shelf.Material} {shelf.Things[0].Name} {shelf.Things[0].Count} {shelf.Spare?.Name} {shelf.Spare?.Count} {shelf.Label ?? "no label"}",
                    $"{await box.MaybeAsync(null)} {await box.MaybeAsync(3)}",
                    $"{await box.MaybeTextAsync(null) ?? "null"} {await box.MaybeTextAsync("x")}",
                    $"{(await box.PowersAsync(new() { ["two"] = 2 }))["two"]}",
                    things,
                ];
            }

            private sealed class Reports(List<double> reports) : IProgress<double>
            {
                public void Report(double value) => reports.Add(value);
            }

            public static async Task WaitAsync(GawClient client, CancellationToken token) => await client.For<IToolBox>().WaitAsync(token);

            public static async Task WaitForAllAsync(GawClient client, CancellationToken token) => await client.For<IToolBox>().WaitForAllAsync(token, "a", "b");
        }
        """;

    [Flags]
    public enum Kinds
    {
        Sharp = 1,

        [JsonStringEnumMemberName("very-blunt")]
        Blunt = 2,
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_generated_interface_compiles_and_calls_its_server(bool generatesProxies)
    {
        await using GawServer server = new GawServer("127.0.0.1", 0).Add<ToolBox>();
        await server.StartAsync(TestContext.Current.CancellationToken);
        ToolRun written = await ToolRun.RunAsync("generate", "csharp", $"{server.LocalEndPoint.Port}");
        Approved.Check(written.Out, "ToolBox.cs.txt", server.LocalEndPoint.Port);
        (await ToolRun.RunAsync("list", $"{server.LocalEndPoint.Port}")).Out.Should().Contain("kinds: Kinds = \"Sharp, very-blunt\"", "a caller sends the names of the wire");
        Type calls = (await CompiledCode.LoadAsync(generatesProxies, written.Out, Calls)).GetType("Calls")!;
        await using GawClient client = new("127.0.0.1", server.LocalEndPoint.Port);

        List<string> said = await (Task<List<string>>)Invoke(calls, "RunAsync", client, TestContext.Current.CancellationToken);

        said.Should().Equal(
            "2:", "2:1-2-3", "2:1-2-3", "0:4-5", "0", "2",
            "1 -9000000000 1.5 NaN q text a \"b\"\n Sharp, Blunt none", "7 -9000000000 1.5 NaN z text a \"b\"\n Sharp none",
            "1 a", "wood nail 3 screw 1 no label", " 4", "null x!", "1267650600228229401496703205376", "nail 1;nail 2;none 0;1236");

        foreach (string method in new[] { "WaitAsync", "WaitForAllAsync" })
        {
            using CancellationTokenSource stopping = new();
            TaskCompletionSource<bool> ended = ToolBox.Expect();
            Task waiting = (Task)Invoke(calls, method, client, stopping.Token);
            await ToolBox.Waiting.Task.WaitAsync(TestContext.Current.CancellationToken);
            await stopping.CancelAsync();
            await waiting.Awaiting(static w => w).Should().ThrowAsync<OperationCanceledException>("{0} takes the token", method);
            (await ended.Task.WaitAsync(TestContext.Current.CancellationToken)).Should().BeTrue("the server's method was cancelled, too");
        }
    }

    private static object Invoke(Type calls, string method, GawClient client, CancellationToken token) =>
        calls.GetMethod(method, BindingFlags.Public | BindingFlags.Static)!.Invoke(null, [client, token])!;

    /// <summary>Methods of all kinds.</summary>
    public sealed class ToolBox
    {
        private static TaskCompletionSource<bool> _ended = new();

        public static TaskCompletionSource Waiting { get; private set; } = new();

        public static TaskCompletionSource<bool> Expect()
        {
            Waiting = new(TaskCreationOptions.RunContinuationsAsynchronously);
            return _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        /// <summary>Joins numbers.</summary>
        [Entrypoint]
        public string Join(string between, int start = 0, params int[] items) => $"{start}:{string.Join(between, items)}";

        [Entrypoint]
        public string Count(params string?[] items) => items.Length.ToString(CultureInfo.InvariantCulture);

        [Entrypoint]
        public string Defaults(
            int number = 1, long large = -9_000_000_000, decimal price = 1.5m, float none = float.NaN, char letter = 'q', string text = "text a \"b\"\n", Kinds kinds = Kinds.Sharp | Kinds.Blunt, DateTimeOffset? when = null) =>
            string.Create(CultureInfo.InvariantCulture, $"{number} {large} {price} {none} {letter} {text} {kinds} {when?.ToString() ?? "none"}");

        [Entrypoint]
        public (int Count, string Text) Swap((string Text, int Count) pair) => (pair.Count, pair.Text);

        [Entrypoint]
        public Task<Shelf> FillAsync(Shelf shelf, CancellationToken cancellationToken) => Task.FromResult(shelf);

        [Entrypoint]
        public int? Maybe(int? number) => number + 1;

        [Entrypoint]
        public string? MaybeText(string? text) => text is null ? null : text + "!";

        [Entrypoint]
        public Dictionary<string, BigInteger> Powers(Dictionary<string, int> numbers) => numbers.ToDictionary(static n => n.Key, static n => BigInteger.Pow(n.Value, 100));

        /// <summary>Things, one after the other.</summary>
        /// <returns>The things, and then none.</returns>
        [Entrypoint]
        public IAsyncEnumerable<Thing?> Things(string name, int count = 2, CancellationToken cancellationToken = default) =>
            Enumerable.Range(1, count).Select(Thing? (i) => new Thing(name, i)).Append(null).ToAsyncEnumerable();

        [Entrypoint]
        public int Work(int progress, IProgress<double> reports)
        {
            reports.Report(1);
            return progress;
        }

        [Entrypoint]
        public int WorkAll(IProgress<Thing?> progress, params int[] numbers)
        {
            progress.Report(null);
            return numbers.Sum();
        }

        [Entrypoint]
        public IAsyncEnumerable<int> Numbers(params int[] numbers) => numbers.ToAsyncEnumerable();

        [Entrypoint]
        public void Nothing()
        {
        }

        [Entrypoint]
        public async Task WaitAsync(CancellationToken cancellationToken)
        {
            TaskCompletionSource<bool> ended = _ended;
            Waiting.SetResult();
            try
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }
            finally
            {
                ended.SetResult(cancellationToken.IsCancellationRequested);
            }
        }

        [Entrypoint]
        public Task WaitForAllAsync(CancellationToken cancellationToken, params string[] names) => names is ["a", "b"] ? WaitAsync(cancellationToken) : Task.CompletedTask;
    }

    [GawSerializable]
    public sealed record Thing(string Name, int Count = 1);

    [GawSerializable]
    public sealed record Shelf(string Material, List<Thing> Things, Thing? Spare = null, string? Label = null);
}
