using Gaw.Json;
using Gaw.Serialization;
using Gaw.Shared;

namespace Gaw.Services;

/// <summary>The <see cref="IProgress{T}"/> that a method gets: never null. Where nobody looks, a report returns at once.</summary>
/// <param name="converter">Writes the reports.</param>
/// <param name="sink">Where they go; <see langword="null"/>: nobody looks.</param>
internal sealed class MethodProgress<T>(ValueConverter<T> converter, ReportSink? sink) : ReportSource, IProgress<T>
{
    private readonly Lock _gate = new();
    private T? _newest;

    /// <summary>Written under the gate; pairs with the read in <see cref="HasNew"/>, which the sink makes before it takes its own.</summary>
    private volatile bool _hasNew;

    public override bool HasNew => _hasNew;

    public void Report(T value)
    {
        if (sink is null)
        {
            return;
        }

        lock (_gate)
        {
            _newest = value;
            if (_hasNew)
            {
                return;
            }

            _hasNew = true;
        }

        sink.OnReport(this);
    }

    public override void WriteNewest(JsonWriter writer)
    {
        T? value;
        lock (_gate)
        {
            value = _newest;
            _hasNew = false;
        }

        converter.Write(writer, value);
    }
}
