using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using Gaw.PostOffice.Protection;

namespace Gaw.Benchmarks.Micro;

/// <summary>Sealing a document and opening it again.</summary>
[MemoryDiagnoser]
public class ProtectorBenchmarks
{
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private IFrameProtector _protector = PlainFrameProtector.Instance;
    private byte[] _buffer = [];
    private byte[] _sealed = [];
    private byte[] _payload = [];

    public enum Kind
    {
        None,
        Signature,
        Encryption,
    }

    [Params(Kind.None, Kind.Signature, Kind.Encryption)]
    public Kind Protection { get; set; }

    [Params(200, 64 * 1024)]
    public int DocumentBytes { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        FrameKey key = new(_key);
        _protector = Protection switch
        {
            Kind.Signature => new SignedFrameProtector(key),
            Kind.Encryption => new EncryptedFrameProtector(key),
            _ => PlainFrameProtector.Instance,
        };
        _buffer = new byte[_protector.HeadBytes + DocumentBytes + _protector.MaxTailBytes];
        int length = Seal();
        _sealed = _buffer.AsSpan(0, length).ToArray();
        _payload = new byte[length];
    }

    [Benchmark]
    public int Seal() => _protector.Seal(_buffer, _protector.HeadBytes, DocumentBytes);

    /// <summary>Opening happens in place, so the payload is copied first.</summary>
    [Benchmark]
    public int Open()
    {
        _sealed.CopyTo(_payload, 0);
        return _protector.TryOpen(_payload, out Memory<byte> document) ? document.Length : throw new InvalidOperationException("A payload that was just sealed does not open.");
    }
}
