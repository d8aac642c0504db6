using System.Diagnostics.CodeAnalysis;

namespace Gaw.Serialization.Collections;

/// <summary>Makes a value of its text.</summary>
internal delegate bool TryParseText<T>(string text, [MaybeNullWhen(false)] out T value);
