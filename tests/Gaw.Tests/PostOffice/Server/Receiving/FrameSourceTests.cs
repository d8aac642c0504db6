using System.Text;
using Gaw.PostOffice;
using Gaw.PostOffice.Framing;
using Gaw.PostOffice.Protection;
using Gaw.PostOffice.Server.Receiving;
using Gaw.Shared;

namespace Gaw.Tests.PostOffice.Server.Receiving;

/// <summary>What a connection makes of received bytes, by table: the documents in them, and how they end.</summary>
public sealed class FrameSourceTests
{
    [Theory]
    [InlineData("2\n{}", "Document Incomplete", null, "a whole frame")]
    [InlineData("2\n{}2\n[]", "Document Document Incomplete", null, "two that came together")]
    [InlineData("", "Incomplete", null, "nothing")]
    [InlineData("2", "Incomplete", null, "a length line that has begun")]
    [InlineData("2\n", "Incomplete", null, "a length line alone")]
    [InlineData("2\n{", "Incomplete", null, "a frame that has begun")]
    [InlineData("1\n\u00ff", "NotReadable Incomplete", null, "not UTF-8: only this frame is lost")]
    [InlineData("1\n\u00ff2\n{}", "NotReadable Document Incomplete", null, "the frame behind it is read")]
    [InlineData("x\n{}", "Malformed", "ValueError", "no length")]
    [InlineData("2000\n", "Malformed", "FrameTooLarge", "refused before its payload comes")]
    public void Bytes_are_taken_apart(string bytes, string taken, string? error, string because)
    {
        using FrameSource source = Create();
        Receive(source, bytes);

        List<string> found = [];
        FrameSourceStatus status;
        ErrorInfo? fault;
        do
        {
            status = source.TryNext(out _, out fault);
            found.Add(status.ToString());
        }
        while (status is FrameSourceStatus.Document or FrameSourceStatus.NotReadable);

        string.Join(' ', found).Should().Be(taken, because);
        (fault?.Name).Should().Be(error, because);
        source.DocumentsTaken.Should().Be(found.Count(static each => each == "Document"), because);
    }

    [Fact]
    public void A_broken_seal_ends_the_reading_with_the_same_error_each_time()
    {
        PostOfficeServerOptions options = new() { Secret = Secret.FromBytes(new byte[32]), MaxFrameBytes = 1024 };
        using IFrameProtector protector = options.CreateProtector(options.Secret);
        using FrameSource source = new(options, protector, new FrameBudget(1024));
        Receive(source, "34\n" + new string('x', 32) + "{}");

        source.TryNext(out _, out ErrorInfo? error).Should().Be(FrameSourceStatus.Malformed);
        error!.Name.Should().Be("DecodeError");
    }

    [Fact]
    public void Other_threads_see_one_moment_of_it()
    {
        using FrameSource source = Create();
        Receive(source, "2\n{}3\n[");
        source.Snapshot.Should().Be(new ReceiveSnapshot(AwaitsBytes: false, FramesTaken: 0, BufferedBytes: 7, HasLengthLine: false), "nothing was taken yet");

        source.TryNext(out Memory<byte> document, out _);
        Encoding.UTF8.GetString(document.Span).Should().Be("{}");
        source.Snapshot.FramesTaken.Should().Be(1);
        source.Snapshot.BufferedBytes.Should().Be(3, "the frame that has begun is left");

        source.Publish(awaitsBytes: true);
        source.Snapshot.AwaitsBytes.Should().BeTrue();
    }

    private static FrameSource Create() => new(new PostOfficeServerOptions { MaxFrameBytes = 1024 }, PlainFrameProtector.Instance, new FrameBudget(1024 * 1024));

    private static void Receive(FrameSource source, string text)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(text);
        bytes.CopyTo(source.GetFreeSpace());
        if (bytes.Length > 0)
        {
            source.Received(bytes.Length);
        }
    }
}
