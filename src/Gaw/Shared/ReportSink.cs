namespace Gaw.Shared;

/// <summary>Where a method's reports go.</summary>
internal abstract class ReportSink
{
    /// <summary>The method has said something, where nothing new was before. Never throws.</summary>
    public abstract void OnReport(ReportSource source);
}
