using System.Reflection;
using BenchmarkDotNet.Attributes;
using Gaw.Benchmarks.Peers;
using Gaw.JsonWeb.Server;
using Gaw.Serialization;
using Gaw.Services;
using Gaw.Services.Instances;

namespace Gaw.Benchmarks.Micro;

/// <summary>From a path and the bytes of the arguments to the method's return: finding, binding, invoking.</summary>
[MemoryDiagnoser]
public class EntrypointBenchmarks
{
    private static readonly MethodInfo Plus = typeof(MathService).GetMethod(nameof(MathService.Plus))!;

    private readonly RouteTable _routes = new();
    private readonly Entrypoint _entrypoint = new("math/plus", Plus, typeof(MathService), new InstanceSource(static () => new MathService(), isExactType: true), new ValueSerializer());
    private readonly MathService _service = new();
    private readonly object[] _arguments = [1, 2];
    private readonly byte[] _path = "math/plus"u8.ToArray();
    private Invocation _bound = null!;

    [GlobalSetup]
    public void Prepare()
    {
        _routes.Add(Enumerable.Range(0, 50).Select(static i => new RouteTable.Route($"service_{i % 7}/method_{i}", null!)).Append(new RouteTable.Route("math/plus", null!)));
        _bound = _entrypoint.TryBind(new ArgumentSpans("[1, 2]"u8, "{}"u8))!;
    }

    [Benchmark]
    public bool FindRoute() => _routes.TryFind(_path, out _);

    [Benchmark]
    public bool BindByPosition() => Bind("[1, 2]"u8, "{}"u8);

    [Benchmark]
    public bool BindByName() => Bind("[]"u8, "{\"a\": 1, \"b\": 2}"u8);

    [Benchmark]
    public ValueTask Invoke() => _entrypoint.InvokeAsync(_bound);

    /// <summary>What invoking by reflection would take.</summary>
    [Benchmark]
    public object? InvokeByReflection() => Plus.Invoke(_service, _arguments);

    private bool Bind(ReadOnlySpan<byte> args, ReadOnlySpan<byte> kwargs)
    {
        Invocation invocation = _entrypoint.TryBind(new ArgumentSpans(args, kwargs))!;
        bool bound = invocation.Slots[1].IsSet;
        _entrypoint.Release(invocation);
        return bound;
    }
}
