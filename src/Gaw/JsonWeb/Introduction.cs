using System.Runtime.ExceptionServices;
using Gaw.Json;
using Gaw.PostOffice;

namespace Gaw.JsonWeb;

/// <summary>
/// The first call on each connection of a client that may ask for answers again: it learns from the answer, whichever it is, whether the server keeps
/// replies. So no call is sent before that is known. It goes to the path of <see cref="CallTarget.Repeat"/> and asks for nothing.
/// </summary>
internal sealed class Introduction : OutboundCall
{
    private readonly TimeProvider _time;

    private Introduction(PostOfficeClient client)
    {
        _time = client.Options.TimeProvider;
        IsSynchronous = true;
        Timeout = client.Options.ConnectTimeout;
    }

    public override string Path => CallTarget.Repeat.Path;

    private KeepingPeer? Peer { get; set; }

    /// <summary>Makes the call; afterwards the connection knows its server.</summary>
    /// <exception cref="GawConnectionException">No answer came; no other call has been sent.</exception>
    public static void Make(ClientConnection connection, PostOfficeClient client)
    {
        Introduction call = new(client) { IdPrefix = client.Ids.Next(out int key), Key = key };
        JsonWriter writer = MessageWriter.Rent(int.MaxValue);
        RequestWriter.WriteIntroduction(writer, call.IdPrefix, key);
        if (!connection.TrySend(call, writer))
        {
            MessageWriter.Return(writer);
        }
        else
        {
            connection.Wait(call, mayRead: true);
        }

        if (call.Error is GawProtocolException error)
        {
            ExceptionDispatchInfo.Throw(error);
        }

        if (!call.IsDone || call.Error is GawConnectionException or TimeoutException)
        {
            string reason = call.Error?.Message ?? "it closed the connection.";
            throw new GawConnectionException($"The server at {client.EndPoint} did not answer the first question on a connection, so no call was sent: {reason}", client.EndPoint, CallExecution.NotRun, call.Error);
        }

        connection.Server = call.Peer;
    }

    /// <summary>Also an error is an answer: of a server that does not know the path.</summary>
    public override bool TryReadAnswer(ReadOnlySpan<byte> answer) => true;

    public override void TakeMeta(ReadOnlySpan<byte> meta)
    {
        JsonReader reader = new(meta, JsonLimits.Default);
        reader.BeginObject();
        while (reader.NextProperty(out JsonText name))
        {
            if (name.Equals(KeepingServer.Name) && reader.Peek() == JsonKind.Object)
            {
                Peer = KeepingServer.Read(ref reader) is { } server ? new KeepingPeer(server, _time) : null;
            }
            else
            {
                reader.Skip();
            }
        }
    }

    protected override void Continue()
    {
    }
}

/// <summary>A server that keeps replies, as a client knows it.</summary>
internal sealed class KeepingPeer(KeepingServer server, TimeProvider time)
{
    /// <summary>Two clocks may drift apart by so much, as a part of the time that has passed.</summary>
    private const double Drift = 0.001;

    private readonly long _told = time.GetTimestamp();

    public long Server => server.Server;

    /// <summary>For a request that is sent now.</summary>
    public KeepRequest Keep() => new(server.Server, server.NowMs + (long)(time.GetElapsedTime(_told).TotalMilliseconds * (1 - Drift)));
}
