using Gaw.Json;
using Gaw.JsonWeb.Reports;
using Gaw.JsonWeb.Streams;

namespace Gaw.JsonWeb.Envelopes;

/// <summary>What a part of a reply belongs to, as its <c>meta</c> says: to the result unless it says otherwise.</summary>
internal struct PartAddress()
{
    /// <summary>The argument whose limit it names; <see cref="StreamMeta.NoStream"/>: none.</summary>
    public int Argument = StreamMeta.NoStream;

    /// <summary>The limit that it names.</summary>
    public StreamTotals? Limit;

    /// <summary>It is a report of the method's progress.</summary>
    public bool IsReport;

    /// <summary>It belongs neither to the result nor to the reports: to an argument, or to something that is not known here.</summary>
    public bool IsForOther;

    /// <summary>Reads whom the part is for: the name of the reports, or the number of an argument.</summary>
    public void Read(ref JsonReader reader)
    {
        JsonKind kind = reader.Peek();
        IsReport = kind == JsonKind.String && reader.ReadText().Equals(ReportMeta.ProgressName);
        IsForOther = !IsReport;
        if (kind == JsonKind.String)
        {
            return;
        }

        JsonReader start = reader;
        if (kind == JsonKind.Integer && reader.TryReadInt64(out long number))
        {
            Argument = (int)Math.Clamp(number, StreamMeta.NoStream, int.MaxValue);
        }
        else
        {
            reader = start;
            reader.Skip();
        }
    }
}
