namespace Gaw.Tool.Values;

/// <summary>What a command line gives to a call, before it is read.</summary>
/// <param name="Words">Words that are read as JSON or as name and value, where they look like that.</param>
/// <param name="TextWords">The words behind <c>--</c>: texts.</param>
/// <param name="Texts"><c>name=text</c> of <c>--string</c>.</param>
/// <param name="Data">The value of <c>--data</c>.</param>
/// <param name="Document">The value of <c>--json-args</c>.</param>
internal sealed record GivenArguments(IReadOnlyList<string> Words, IReadOnlyList<string> TextWords, IReadOnlyList<string> Texts, string? Data, string? Document);
