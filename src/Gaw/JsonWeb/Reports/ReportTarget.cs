using Gaw.Serialization;

namespace Gaw.JsonWeb.Reports;

/// <summary>Where the reports of a call go: each attempt reads them anew.</summary>
internal abstract class ReportTarget : ProgressTarget
{
    /// <summary>Reads the reports of one attempt.</summary>
    public abstract ReportReader CreateReader();

    /// <summary>What a call gives to its attempts; <see langword="null"/>: nobody looks.</summary>
    /// <param name="options">The options of the call.</param>
    /// <param name="values">Reads values by the types that they have by themselves.</param>
    public static ReportReader? CreateReader(CallOptions? options, ValueConverter<object> values) =>
        options is null ? null
        : options.Reports is ReportTarget typed ? typed.CreateReader()
        : options.Progress is { } progress ? new ReportReader<object>(progress, values)
        : null;
}

/// <inheritdoc/>
internal sealed class ReportTarget<T>(IProgress<T> progress, ValueConverter<T> converter) : ReportTarget
{
    public override ReportReader CreateReader() => new ReportReader<T>(progress, converter);
}
