using System.Text;
using Gaw.Json;
using Gaw.JsonWeb.Envelopes;
using Gaw.JsonWeb.Streams;
using Gaw.PostOffice;
using Gaw.Shared;

namespace Gaw.Nats.Bridging;

/// <summary>What a bridge has to know of a request that it passes on: where it goes, and how it is answered where nobody else does.</summary>
/// <param name="Path">Service and method.</param>
/// <param name="Id">As it came: a JSON value.</param>
internal sealed record BridgedRequest(string Path, byte[] Id)
{
    /// <returns><see langword="null"/>: the document is no request.</returns>
    public static BridgedRequest? Read(ReadOnlySpan<byte> document) =>
        RequestReader.TryRead(document, out Request request) ? new BridgedRequest(request.GetPath(), request.Id.ToArray()) : null;

    /// <summary>The request as a bridge passes it on: in one reply, also where its caller would take the result in parts.</summary>
    /// <param name="document">A request that was read.</param>
    public static ReadOnlyMemory<byte> InOneReply(ReadOnlyMemory<byte> document)
    {
        RequestReader.Read(document.Span, JsonLimits.Default, out Request request);
        if (request.Meta.IsEmpty)
        {
            return document;
        }

        JsonReader meta = new(request.Meta, JsonLimits.Default);
        meta.BeginObject();
        while (meta.NextProperty(out JsonText name))
        {
            if (name.Equals(StreamMeta.TakeName) && document.Span.Overlaps(name.Raw, out int at))
            {
                // Nobody knows this name, so it is passed over.
                byte[] copy = document.ToArray();
                copy[at] = (byte)'_';
                return copy;
            }

            meta.Skip();
        }

        return document;
    }

    /// <summary>An error response, which its caller raises as the error of the call: with the name of the far side's error where there is one, else with Python's own.</summary>
    public byte[] Reply(Exception failure)
    {
        JsonWriter writer = MessageWriter.Rent(int.MaxValue);
        try
        {
            ResponseWriter.WriteError(writer, Id, ErrorInfo.Of(new GawError(NameOf(failure), MessageOf(failure)), withTrace: false));
            return writer.Written.ToArray();
        }
        finally
        {
            MessageWriter.Return(writer);
        }
    }

    public override string ToString() => $"{Path} ({Encoding.UTF8.GetString(Id)})";

    private static string NameOf(Exception failure) => failure switch
    {
        GawRemoteException remote => remote.RemoteName,
        GawConnectionException => "ConnectionError",
        TimeoutException => "TimeoutError",
        GawSerializationException => "SerializeError",
        _ => failure.GetType().Name,
    };

    private static string MessageOf(Exception failure) => failure switch
    {
        GawRemoteException remote => remote.RemoteMessage,
        GawConnectionException { Execution: CallExecution.NotRun } => failure.Message.Contains("has not run", StringComparison.Ordinal) ? failure.Message : $"{failure.Message} It has not run.",
        GawConnectionException => $"{failure.Message} It may have run.",
        _ => failure.Message,
    };
}
