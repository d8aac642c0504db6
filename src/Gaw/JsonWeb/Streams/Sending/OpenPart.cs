using Gaw.Json;
using Gaw.Shared;

namespace Gaw.JsonWeb.Streams.Sending;

/// <summary>The part that is being written: items that have not left. Used by the one who sends.</summary>
/// <param name="target">Where it will go.</param>
internal sealed class OpenPart(PartTarget target) : IDisposable
{
    private JsonWriter? _writer;

    /// <summary>What is in it, and when it leaves.</summary>
    public PartBatch Batch { get; } = new();

    /// <summary>Writes an item behind the others.</summary>
    /// <param name="source">Has made it.</param>
    /// <param name="bytes">The length of its text.</param>
    /// <returns><see langword="false"/>: it does not fit behind the others, and needs a part of its own.</returns>
    /// <exception cref="GawSerializationException">It cannot be written. Those before it are whole.</exception>
    public bool TryWrite(ItemSource source, out int bytes)
    {
        JsonWriter writer = _writer ??= target.Begin();
        JsonWriter.Mark mark = writer.GetMark();
        int start = writer.Length;
        try
        {
            source.Write(writer);
        }
        catch (Exception) when (Batch.Items > 0 && writer.WasTooLong)
        {
            writer.Rollback(mark);
            bytes = 0;
            return false;
        }
        catch (Exception e)
        {
            bool isTooLarge = writer.WasTooLong;
            writer.Rollback(mark);
            if (isTooLarge)
            {
                throw StreamErrors.ItemTooLarge(target.Path, writer.MaxLength, e);
            }

            throw;
        }

        bytes = writer.Length - start;
        return true;
    }

    /// <summary>Takes what was written; the next item begins another part.</summary>
    /// <returns>Its document, which is not ended; without items where none was written.</returns>
    public JsonWriter Take()
    {
        JsonWriter writer = _writer ?? target.Begin();
        _writer = null;
        Batch.Clear();
        return writer;
    }

    public void Dispose() => _writer?.Dispose();
}
