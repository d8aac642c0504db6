using Gaw.Json;
using Gaw.Serialization;
using Gaw.Shared;

namespace Gaw.JsonWeb.Envelopes;

/// <summary>Takes requests apart. The usual form is recognised by its bytes; every other one is left to <see cref="AnyRequestForm"/>.</summary>
internal static class RequestReader
{
    private static ReadOnlySpan<byte> BetweenArguments => ", \"_t\": \"tuple\"}, \"kwargs\": "u8;

    private static ReadOnlySpan<byte> BeforeMeta => ", \"meta\": "u8;

    private static ReadOnlySpan<byte> UsualTail => "}}, \"_t\": \"RequestDataType\"}"u8;

    /// <returns><see langword="null"/>: the request is whole. Otherwise its first problem; the id is known where it could be found.</returns>
    /// <exception cref="JsonFormatException">The document is not JSON as Python reads it, or too deep, or too large in count.</exception>
    public static ErrorInfo? Read(ReadOnlySpan<byte> document, JsonLimits limits, out Request request)
    {
        request = default;
        return TryReadUsualForm(document, limits, ref request) ? null : AnyRequestForm.Read(document, limits, ref request);
    }

    /// <summary>Takes apart what may be no request.</summary>
    /// <returns><see langword="false"/>: it is no whole request.</returns>
    public static bool TryRead(ReadOnlySpan<byte> document, out Request request)
    {
        try
        {
            return Read(document, JsonLimits.Default, out request) is null;
        }
        catch (JsonFormatException)
        {
            request = default;
            return false;
        }
    }

    /// <summary>
    /// Finds in a document of the usual form what stands around the arguments: the id and the path in front of them, the metadata behind. The arguments are left to whoever reads them: if they
    /// fill their place, the document is well-formed from its first byte to its last, and its metadata are what was found. In any other case it has to be read anew, by <see cref="Read"/>.
    /// </summary>
    /// <returns><see langword="false"/>: it is of another form.</returns>
    public static bool TryReadAround(ReadOnlySpan<byte> document, JsonLimits limits, out Request request, out ArgumentSpans arguments)
    {
        request = default;
        arguments = default;
        Request found = default;
        ReadOnlySpan<byte> rest = document;
        if (!RequestForm.TryTakeHead(ref rest, ref found) || !rest.EndsWith(UsualTail) || rest[0] != '[')
        {
            return false;
        }

        rest = rest[..^UsualTail.Length];
        int meta = rest.LastIndexOf(BeforeMeta);
        if (meta >= 0)
        {
            if (!TryReadMeta(rest[(meta + BeforeMeta.Length)..], limits, out found.Meta))
            {
                return false;
            }

            rest = rest[..meta];
        }

        request = found;
        arguments = ArgumentSpans.InPlace(rest, BetweenArguments);
        return true;
    }

    /// <summary>The id of a document that could not be read to its end, where it stands at its usual place; else empty.</summary>
    public static ReadOnlySpan<byte> FindId(ReadOnlySpan<byte> document)
    {
        ReadOnlySpan<byte> rest = document;
        return RequestForm.TryTakeId(ref rest, out ReadOnlySpan<byte> id) ? id : default;
    }

    /// <summary>The form that the original's client and ours write.</summary>
    private static bool TryReadUsualForm(ReadOnlySpan<byte> document, JsonLimits limits, ref Request request)
    {
        Request found = default;
        ReadOnlySpan<byte> rest = document;
        if (!RequestForm.TryTakeHead(ref rest, ref found) || !RequestForm.TrySkip(ref rest, limits, JsonKind.Array, out found.Args)
            || !RequestForm.TryTake(ref rest, BetweenArguments) || !RequestForm.TrySkip(ref rest, limits, JsonKind.Object, out found.Kwargs))
        {
            return false;
        }

        if (RequestForm.TryTake(ref rest, BeforeMeta) && !RequestForm.TrySkip(ref rest, limits, JsonKind.Object, out found.Meta))
        {
            return false;
        }

        if (!rest.SequenceEqual(UsualTail))
        {
            return false;
        }

        found.IsUsual = true;
        request = found;
        return true;
    }

    /// <summary>
    /// Whether an object, and nothing else, stands here. A name that is followed by an object and the document's tail is a member of the payload: in what is JSON, no text holds a quote
    /// without a backslash.
    /// </summary>
    private static bool TryReadMeta(ReadOnlySpan<byte> rest, JsonLimits limits, out ReadOnlySpan<byte> meta)
    {
        try
        {
            return RequestForm.TrySkip(ref rest, limits, JsonKind.Object, out meta) && rest.IsEmpty;
        }
        catch (JsonFormatException)
        {
            meta = default;
            return false;
        }
    }
}
