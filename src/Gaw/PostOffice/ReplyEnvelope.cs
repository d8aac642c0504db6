namespace Gaw.PostOffice;

/// <summary>The wrapper of the post office around an answer: <c>{"succ": true, "data": DOCUMENT}</c>. <c>succ</c> says that the question could be read.</summary>
internal static class ReplyEnvelope
{
    public static ReadOnlySpan<byte> Head => "{\"succ\": true, \"data\": "u8;

    public static ReadOnlySpan<byte> Tail => "}"u8;
}
