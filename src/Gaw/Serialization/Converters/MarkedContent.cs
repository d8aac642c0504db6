namespace Gaw.Serialization.Converters;

/// <summary>The value of <c>_v</c>, with the tag that it was made for.</summary>
internal readonly record struct MarkedContent(object? Value, string? MadeAs);
