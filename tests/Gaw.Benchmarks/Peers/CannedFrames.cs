using System.Text;

namespace Gaw.Benchmarks.Peers;

/// <summary>
/// The bytes of one Gaw call of <c>math/plus</c> with 1 and 2, for sockets that move them without looking. The smoke run holds them against
/// what a Gaw client and a Gaw server really send.
/// </summary>
internal static class CannedFrames
{
    /// <summary>The last digits of an id, by which the multiplexing client finds the caller.</summary>
    public const int KeyDigits = 9;

    private const string Id = "2104839275610483927561048392048583019";

    public static byte[] Request { get; } = Frame("""{"_v": {"id": """ + Id
        + """, "path": "math/plus", "payload": {"args": {"_v": [1, 2], "_t": "tuple"}, "kwargs": {}, "meta": {"timeout_ms": 100000}}}, "_t": "RequestDataType"}""");

    public static byte[] Answer { get; } = Frame("""{"succ": true, "data": {"_v": {"resp_to": """ + Id + """, "success": true, "payload": 3}, "_t": "ResponseDataType"}}""");

    /// <summary>Where the key begins in <see cref="Request"/>.</summary>
    public static int RequestKeyAt { get; } = KeyAt(Request);

    /// <summary>Where the key begins in <see cref="Answer"/>.</summary>
    public static int AnswerKeyAt { get; } = KeyAt(Answer);

    public static byte[] Frame(string document) => [.. Encoding.ASCII.GetBytes($"{Encoding.UTF8.GetByteCount(document)}\n"), .. Encoding.UTF8.GetBytes(document)];

    /// <summary>Reads the length line. <see langword="false"/>: it is not whole yet.</summary>
    public static bool TryReadLength(ReadOnlySpan<byte> bytes, out int lineBytes, out int payloadBytes)
    {
        payloadBytes = 0;
        lineBytes = bytes.IndexOf((byte)'\n') + 1;
        for (int i = 0; i < lineBytes - 1; i++)
        {
            payloadBytes = (payloadBytes * 10) + bytes[i] - '0';
        }

        return lineBytes > 0;
    }

    private static int KeyAt(byte[] frame) => frame.AsSpan().IndexOf(Encoding.ASCII.GetBytes(Id)) + Id.Length - KeyDigits;
}
