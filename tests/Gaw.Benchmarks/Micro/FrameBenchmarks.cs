using BenchmarkDotNet.Attributes;
using Gaw.Benchmarks.Peers;
using Gaw.PostOffice.Framing;

namespace Gaw.Benchmarks.Micro;

/// <summary>Frames of a small call: taken out of a receive buffer, and gathered to be sent. Per frame, a hundred at a time.</summary>
[MemoryDiagnoser]
public class FrameBenchmarks : IDisposable
{
    private const int Frames = 100;

    private readonly byte[] _stream = [.. Enumerable.Repeat(CannedFrames.Request, Frames).SelectMany(static frame => frame)];
    private readonly FrameReader _reader = new(FrameLimits.DefaultMaxFrameBytes);
    private readonly FrameWriter _writer = new();

    [GlobalCleanup]
    public void Dispose()
    {
        _reader.Dispose();
        _writer.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark(OperationsPerInvoke = Frames)]
    public int Read()
    {
        int bytes = 0;
        for (int at = 0; at < _stream.Length;)
        {
            Memory<byte> space = _reader.GetFreeSpace();
            int count = Math.Min(space.Length, _stream.Length - at);
            _stream.AsSpan(at, count).CopyTo(space.Span);
            _reader.Received(count);
            at += count;
            while (_reader.TryTake(out Memory<byte> payload) == FrameStatus.Complete)
            {
                bytes += payload.Length;
            }
        }

        return bytes;
    }

    [Benchmark(OperationsPerInvoke = Frames)]
    public long Write()
    {
        for (int i = 0; i < Frames; i++)
        {
            _writer.Add(CannedFrames.Request);
        }

        _writer.TryBeginSending();
        while (_writer.TakeBatch() is { } batch)
        {
            _writer.Sent(batch.Sum(static chunk => chunk.Length));
            FrameWriter.Release(batch);
        }

        return _writer.SentBytes;
    }

    [Benchmark]
    public int WriteLengthLine()
    {
        Span<byte> buffer = stackalloc byte[FrameLimits.LengthLineBytes];
        return LengthLine.Write(buffer, buffer.Length, 238);
    }
}
