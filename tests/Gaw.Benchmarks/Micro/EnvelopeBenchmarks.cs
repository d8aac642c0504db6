using System.Text;
using BenchmarkDotNet.Attributes;
using Gaw.Json;
using Gaw.JsonWeb.Client;
using Gaw.JsonWeb.Envelopes;
using Gaw.Serialization;
using Gaw.Shared;
using Request = Gaw.JsonWeb.Envelopes.Request;

namespace Gaw.Benchmarks.Micro;

/// <summary>Requests and responses of a call with two numbers, in the form that both sides usually write and in another one.</summary>
[MemoryDiagnoser]
public class EnvelopeBenchmarks : IDisposable
{
    private static readonly byte[] Id = "271064613837563837293476492048583019217"u8.ToArray();

    private readonly JsonWriter _writer = new(64);
    private readonly CallTarget _target = new("math/plus");
    private readonly object?[] _arguments = [1, 2];
    private readonly ValueConverter<object> _values = new ValueSerializer().Get<object>();
    private readonly byte[] _idPrefix = Id[..^CallIds.KeyDigits];
    private byte[] _request = [];
    private byte[] _otherRequest = [];
    private byte[] _response = [];
    private byte[] _otherResponse = [];

    [GlobalCleanup]
    public void Dispose()
    {
        _writer.Dispose();
        GC.SuppressFinalize(this);
    }

    [GlobalSetup]
    public void Prepare()
    {
        WriteRequest();
        _request = _writer.Written.ToArray();
        _otherRequest = WithoutBlanks(_request);
        WriteResponse();
        _response = _writer.Written.ToArray();
        _otherResponse = WithoutBlanks(_response);
    }

    [Benchmark]
    public int WriteRequest()
    {
        _writer.Reset();
        RequestWriter.Write(_writer, _idPrefix, 48583019, _target, new BoxedArguments(_values, _arguments, null), TimeSpan.FromSeconds(100), null);
        return _writer.Length;
    }

    [Benchmark]
    public int ReadRequest() => ReadRequest(_request);

    [Benchmark]
    public int ReadRequestOfAnotherForm() => ReadRequest(_otherRequest);

    [Benchmark]
    public int WriteResponse()
    {
        _writer.Reset();
        ResponseWriter.BeginResult(_writer, Id);
        _writer.Integer(3L);
        ResponseWriter.End(_writer);
        return _writer.Length;
    }

    [Benchmark]
    public int ReadResponse()
    {
        ReadOnlySpan<byte> id = ResponseReader.GetId(_response);
        return ResponseReader.TryReadUsualHead(_response, id.Length, out ReadOnlySpan<byte> fromPayload) && ResponseReader.IsUsualTail(fromPayload[1..])
            ? id.Length
            : throw new InvalidOperationException("The response that was just written is not of the usual form.");
    }

    [Benchmark]
    public int ReadResponseOfAnotherForm()
    {
        ReadOnlySpan<byte> id = ResponseReader.GetId(_otherResponse);
        return ResponseReader.TryReadAnyForm(_otherResponse, out Response response) && response.Succeeded ? id.Length : throw new InvalidOperationException("The response is none.");
    }

    private static int ReadRequest(byte[] document) =>
        RequestReader.Read(document, JsonLimits.Default, out Request request) is null ? request.Args.Length : throw new InvalidOperationException("The request is none.");

    private static byte[] WithoutBlanks(byte[] document) => Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(document).Replace(" ", "", StringComparison.Ordinal));
}
