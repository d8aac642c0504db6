namespace Gaw;

/// <summary>Where the reports of a call go whose caller has given an <see cref="IProgress{T}"/>. The request layer has the one kind: it knows how a report is read.</summary>
internal abstract class ProgressTarget;
