using Gaw.Json;
using Gaw.Shared;

namespace Gaw.JsonWeb.Streams.Receiving;

/// <summary>Items of an argument, as a message brings them: not read yet.</summary>
internal ref struct ItemMessage
{
    /// <summary>The number of the stream.</summary>
    public int Number;

    /// <summary>The list of items, brackets included.</summary>
    public ReadOnlySpan<byte> Items;

    /// <summary>The sender's totals behind it.</summary>
    public StreamTotals Sent;

    /// <summary>No further message comes.</summary>
    public bool IsLast;

    /// <summary>What the caller's own stream has failed with; <see langword="null"/>: nothing.</summary>
    public GawError? Failure;

    /// <summary>Reads what stands behind the call's id.</summary>
    /// <returns><see langword="false"/>: it is no such message, and is passed over.</returns>
    public static bool TryRead(ref JsonReader args, out ItemMessage message)
    {
        message = default;
        if (!args.NextItem() || !args.TryReadInt64(out long number) || number is < 0 or > int.MaxValue || !args.NextItem() || args.Peek() != JsonKind.Array)
        {
            return false;
        }

        message.Number = (int)number;
        message.Items = args.Skip();
        if (!args.NextItem() || StreamMeta.ReadTotals(ref args) is not { } sent || !args.NextItem())
        {
            return false;
        }

        message.Sent = sent;
        if (args.Peek() == JsonKind.Object)
        {
            ErrorParts parts = default;
            parts.ReadObject(ref args);
            message.Failure = new GawError(parts.Name is { Length: > 0 } name ? name : "an error without a name", parts.Message ?? "");
            message.IsLast = true;
        }
        else
        {
            message.IsLast = PythonTruth.IsTrue(args.Skip());
        }

        return true;
    }
}
