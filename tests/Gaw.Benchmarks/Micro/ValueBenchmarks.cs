using System.Buffers;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using Gaw.Benchmarks.Peers;
using Gaw.Json;
using Gaw.Serialization;

namespace Gaw.Benchmarks.Micro;

/// <summary>Writing and reading values of one type, beside System.Text.Json with the same values.</summary>
[MemoryDiagnoser]
[GenericTypeArguments(typeof(int))]
[GenericTypeArguments(typeof(double))]
[GenericTypeArguments(typeof(string))]
[GenericTypeArguments(typeof(List<Item>))]
public class ValueBenchmarks<T> : IDisposable
{
    private static readonly T Value = (T)(object)(typeof(T) == typeof(int) ? 12345
        : typeof(T) == typeof(double) ? 1234.5678
        : typeof(T) == typeof(string) ? Payloads.Text(1024)
        : Payloads.Items);

    private readonly JsonWriter _writer = new();
    private readonly ArrayBufferWriter<byte> _plainBuffer = new();
    private readonly ValueSerializer _serializer = new();
    private ValueConverter<T> _converter = null!;
    private byte[] _written = [];
    private byte[] _plain = [];

    [GlobalCleanup]
    public void Dispose()
    {
        _writer.Dispose();
        GC.SuppressFinalize(this);
    }

    [GlobalSetup]
    public void Prepare()
    {
        _serializer.Learn(typeof(T));
        _converter = _serializer.Get<T>();
        Write();
        _written = _writer.Written.ToArray();
        _plain = JsonSerializer.SerializeToUtf8Bytes(Value);
    }

    [Benchmark]
    public int Write()
    {
        _writer.Reset();
        _converter.Write(_writer, Value);
        return _writer.Length;
    }

    [Benchmark]
    public T? Read()
    {
        JsonReader reader = new(_written, JsonLimits.Default);
        return _converter.Read(ref reader);
    }

    [Benchmark]
    public int SystemTextJsonWrite()
    {
        _plainBuffer.ResetWrittenCount();
        using Utf8JsonWriter writer = new(_plainBuffer);
        JsonSerializer.Serialize(writer, Value);
        return _plainBuffer.WrittenCount;
    }

    [Benchmark]
    public T? SystemTextJsonRead() => JsonSerializer.Deserialize<T>(_plain);
}
