using Gaw.Json;
using Gaw.JsonWeb.Envelopes;
using Gaw.Serialization.Streams;
using Gaw.Serialization.Types;

namespace Gaw.JsonWeb.Streams.Receiving;

/// <summary>Makes an exception of the payload of an error response.</summary>
internal delegate GawException FailureReader(ref JsonReader payload);

/// <summary>Reads the documents of one call whose result comes in parts.</summary>
/// <param name="converter">Reads the items.</param>
/// <param name="path">What was called, for messages.</param>
/// <param name="limits">The client's.</param>
/// <param name="failure">Reads what the call has failed with.</param>
internal sealed class ItemsReader<T>(ItemsConverter<T> converter, string path, JsonLimits limits, FailureReader failure)
{
    /// <summary>The length of the text that was read last, in bytes of UTF-8.</summary>
    public int TextBytes { get; private set; }

    /// <param name="document">What has come.</param>
    /// <param name="idLength">The length of the call's id.</param>
    /// <returns>The items; <see langword="null"/>: it is no reply.</returns>
    /// <exception cref="GawException">It says that the call has failed, or is not a list of such items.</exception>
    public List<T>? Read(ReadOnlySpan<byte> document, int idLength)
    {
        if (ResponseReader.TryReadUsualHead(document, idLength, out ReadOnlySpan<byte> fromPayload))
        {
            JsonReader reader = new(fromPayload, limits);
            try
            {
                List<T> items = ReadPayload(ref reader);
                if (ResponseReader.IsUsualTail(fromPayload[reader.Position..]))
                {
                    return items;
                }
            }
            catch (JsonFormatException)
            {
                // Looked at more closely below.
            }
        }

        try
        {
            if (!ResponseReader.TryReadAnyForm(document, out Response response))
            {
                return null;
            }

            JsonReader payload = new(response.Payload, limits);
            return response.Succeeded ? ReadPayload(ref payload) : throw failure(ref payload);
        }
        catch (JsonFormatException e) when (e.Fault == JsonFault.Syntax)
        {
            return null;
        }
        catch (JsonFormatException e)
        {
            throw new GawSerializationException($"The answer to {path} is refused: {e.Message}", e);
        }
    }

    private List<T> ReadPayload(ref JsonReader reader)
    {
        int begin = reader.Position;
        try
        {
            List<T>? items = converter.Read(ref reader);
            TextBytes = reader.Position - begin;
            return items ?? throw new GawSerializationException($"There is no list, as {TypeNames.Friendly(typeof(T))} after {TypeNames.Friendly(typeof(T))} is expected, but null.");
        }
        catch (GawSerializationException e) when (e.Within("result") || e.During(path))
        {
            throw;
        }
    }
}
