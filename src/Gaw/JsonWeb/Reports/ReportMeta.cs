using Gaw.Json;

namespace Gaw.JsonWeb.Reports;

/// <summary>What stands in the <c>meta</c> of requests and replies about progress (PROTOCOL section 12.10).</summary>
internal static class ReportMeta
{
    /// <summary>In a request: the caller takes reports. In a reply: the value of <see cref="ForName"/>.</summary>
    public static ReadOnlySpan<byte> ProgressName => "progress"u8;

    /// <summary>In a reply that is not the last one: what its payload is, where that is no part of the result.</summary>
    public static ReadOnlySpan<byte> ForName => "for"u8;

    /// <summary>The members of the <c>meta</c> of a report. A reply that ends in a text is one without <c>meta</c>, mostly, so no text stands last.</summary>
    public static ReadOnlySpan<byte> OfReport => "\"for\": \"progress\", \"more\": true"u8;

    /// <summary>Whether a reply is a report.</summary>
    /// <param name="meta">What came beside it: an object.</param>
    /// <param name="limits">What it may cost.</param>
    public static bool IsReport(ReadOnlySpan<byte> meta, JsonLimits limits)
    {
        bool isReport = false;
        JsonReader reader = new(meta, limits);
        reader.BeginObject();
        while (reader.NextProperty(out JsonText name))
        {
            if (name.Equals(ForName) && reader.Peek() == JsonKind.String)
            {
                isReport = reader.ReadText().Equals(ProgressName);
            }
            else
            {
                reader.Skip();
            }
        }

        return isReport;
    }
}
