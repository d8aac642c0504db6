using Gaw.Json;
using Gaw.JsonWeb.Envelopes;
using Gaw.JsonWeb.Server;
using Gaw.PostOffice;
using Gaw.Telemetry;

namespace Gaw.JsonWeb.Streams.Sending;

/// <summary>Where the parts of a stream leave, one after the other: with the sender's totals, the metadata of the reply beside the first, signs of life in between, and nothing behind the end.</summary>
/// <param name="server">The server.</param>
/// <param name="reply">The reply that the parts are.</param>
/// <param name="handler">What the request led to.</param>
/// <param name="bound">What it made of the request.</param>
/// <param name="pulse">Is told that a part has left.</param>
internal sealed class PartOutlet(JsonWebServer server, CallReply reply, RequestHandler handler, object bound, StreamPulse pulse) : PartTarget
{
    private readonly Lock _gate = new();
    private StreamTotals _sent;
    private bool _isClosed;
    private bool _hasHeaders;

    public override string Path => reply.Path;

    public override bool IsFull => reply.Channel.IsFull;

    public override Task WhenRoomAsync() => reply.Channel.WhenRoomAsync();

    public override void OnQuiet(bool isQuiet) => pulse.IsQuiet = isQuiet;

    public override JsonWriter Begin()
    {
        JsonWriter writer = reply.Channel.Begin();
        ResponseWriter.BeginResult(writer, reply.Id.Text);
        writer.BeginArray();
        writer.MaxLength = Math.Max(writer.Length, writer.Length + reply.Channel.GetMetaRoom(writer) - StreamMeta.MaxSentBytes);
        return writer;
    }

    public override void Send(JsonWriter part, StreamTotals sent)
    {
        byte[] headers = [];
        try
        {
            headers = TakeHeaders(part);
        }
        catch (Exception e)
        {
            // The items are worth more than what should have stood beside them.
            server.Log.CannotSendResult(reply.Path, e);
        }

        ReplyChannel channel;
        lock (_gate)
        {
            channel = reply.Channel;
            Count(sent);
            Post(part, headers);
        }

        channel.Flush();
    }

    /// <summary>Nothing was sent for so long: a part without items says that the call still runs. On any thread.</summary>
    public void SendSignOfLife()
    {
        // Taken while the call is open: once it has ended, its reply has no channel any more.
        ReplyChannel channel;
        lock (_gate)
        {
            if (_isClosed)
            {
                return;
            }

            channel = reply.Channel;
            Count(_sent);
            Post(Begin(), []);
        }

        channel.Flush();
    }

    /// <summary>Sends what was written as the last part.</summary>
    /// <param name="part">The document of a part, not ended.</param>
    /// <param name="sent">The totals behind it.</param>
    /// <exception cref="Exception">The metadata of the reply cannot be written. Nothing was sent, and the document is the caller's still.</exception>
    public void SendLast(JsonWriter part, StreamTotals sent)
    {
        byte[] headers = TakeHeaders(part);
        Close();
        Count(sent);
        EndDocument(part);
        Span<byte> buffer = stackalloc byte[StreamMeta.MaxSentBytes];
        reply.Channel.End(part, inOrder: false, Join(StreamMeta.WriteSent(buffer, sent, more: false), headers));
    }

    /// <summary>No part leaves any more; what comes next is the end.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
        }
    }

    private static void EndDocument(JsonWriter writer)
    {
        writer.MaxLength = int.MaxValue;
        writer.EndArray();
        ResponseWriter.End(writer);
    }

    private static ReadOnlySpan<byte> Join(ReadOnlySpan<byte> members, byte[] headers) => headers.Length == 0 ? members : (byte[])[.. members, .. ", "u8, .. headers];

    /// <summary>A part leaves, with what was sent since the one before.</summary>
    private void Count(StreamTotals sent)
    {
        Instruments.PartSent(sent.Items - _sent.Items);
        _sent = sent;
    }

    /// <summary>Under the gate: parts leave in the order of their totals.</summary>
    private void Post(JsonWriter part, byte[] headers)
    {
        EndDocument(part);
        Span<byte> buffer = stackalloc byte[StreamMeta.MaxSentBytes];
        pulse.OnSent();
        reply.Channel.End(part, inOrder: false, Join(StreamMeta.WriteSent(buffer, _sent, more: true), headers));
    }

    /// <summary>The metadata of the reply, once: they stand beside the first items, or the end.</summary>
    private byte[] TakeHeaders(JsonWriter part)
    {
        if (_hasHeaders)
        {
            return [];
        }

        _hasHeaders = true;
        return reply.WriteHeaders(part, handler, bound);
    }
}
