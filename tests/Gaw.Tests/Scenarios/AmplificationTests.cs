using Gaw.Tests.Support;

namespace Gaw.Tests.Scenarios;

/// <summary>PROMISES.md, row A6, at its figure: whatever is in a frame, reading and refusing it allocates at most 16 times its size.</summary>
[Collection(Alone.Name)]
public sealed class AmplificationTests
{
    private const int MostTimes = 16;

    public static TheoryData<string> Frames => ["numbers", "lists", "long names in depth", "many names", "a long text", "a long path", "broken in its last value"];

    [Theory]
    [MemberData(nameof(Frames))]
    public async Task A6_A_frame_allocates_no_more_than_sixteen_times_its_size(string what)
    {
        await using TestServer server = await ServerConformanceTests.ServeAsync();
        await using RawPeer peer = await RawPeer.ConnectAsync(server.Port);
        await ServerConformanceTests.AskSameAsync(peer, 1);
        byte[] frame = RawPeer.Frame(Make(what));
        await peer.SendAsync(frame);
        await peer.ReadFrameAsync();

        long before = GC.GetTotalAllocatedBytes(precise: true);
        await peer.SendAsync(frame);
        (await peer.ReadFrameAsync()).Should().Contain("\"success\": false");
        long allocated = GC.GetTotalAllocatedBytes(precise: true) - before;

        allocated.Should().BeLessThan(MostTimes * frame.LongLength);
        await ServerConformanceTests.AskSameAsync(peer, 2);
    }

    private static string Make(string what)
    {
        const int size = 4_000_000;
        switch (what)
        {
            case "numbers":
                return RawPeer.Request("7", "promise/object", $"[{string.Concat(Enumerable.Repeat("1,", size / 2))}1]");
            case "lists":
                return RawPeer.Request("7", "promise/object", $"[{string.Concat(Enumerable.Repeat("[],", size / 3))}1]");
            case "long names in depth":
                string name = $"{{\"{new string('n', size / 110)}\": ";
                return RawPeer.Request("7", "promise/object", $"{string.Concat(Enumerable.Repeat(name, 110))}{{\"_v\": 1, \"_t\": \"datetime\"}}{new string('}', 110)}");
            case "many names":
                return RawPeer.Request("7", "promise/count", $"{{{string.Join(", ", Enumerable.Range(0, size / 40).Select(static i => $"\"a_name_of_thirty_letters_{i:00000000}\": 1"))}, \"last\": \"no number\"}}");
            case "a long text":
                return RawPeer.Request("7", "promise/same", RawPeer.Quoted(new string('x', size)));
            case "a long path":
                return RawPeer.Request("7", new string('x', size));
            default:
                return RawPeer.Request("7", "promise/count", $"{{{string.Join(", ", Enumerable.Range(0, size / 20).Select(static i => $"\"{i:00000000}\": 1"))}, \"z\": [1]}}");
        }
    }
}
