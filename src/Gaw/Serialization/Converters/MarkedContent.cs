namespace Gaw.Serialization.Converters;

/// <summary>What stood under <c>_v</c>, and the tag for which it was made already.</summary>
internal readonly record struct MarkedContent(object? Value, string? MadeAs);
