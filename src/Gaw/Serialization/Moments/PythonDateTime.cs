namespace Gaw.Serialization.Moments;

/// <summary>A date and time as it stands on the wire: with an offset (aware) or without (naive).</summary>
/// <param name="Local">Date and time as written.</param>
/// <param name="Offset">The offset from UTC, under 24 hours either way; <see langword="null"/> for a naive one.</param>
internal readonly record struct PythonDateTime(DateTime Local, TimeSpan? Offset);
