using Gaw.Json;
using Gaw.Serialization;

namespace Gaw.JsonWeb.Reports;

/// <inheritdoc/>
internal sealed class ReportReader<T>(IProgress<T> progress, ValueConverter<T> converter) : ReportReader
{
    private T? _kept;

    protected override void Keep(ref JsonReader payload)
    {
        T? value = converter.Read(ref payload);
        lock (Gate)
        {
            _kept = value;
        }
    }

    protected override void TellKept()
    {
        T? value;
        lock (Gate)
        {
            value = _kept;
        }

        progress.Report(value!);
    }
}
