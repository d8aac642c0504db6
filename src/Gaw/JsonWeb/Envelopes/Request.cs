using System.Text;

namespace Gaw.JsonWeb.Envelopes;

/// <summary>
/// A request's document, taken apart but not yet interpreted:
/// <c>{"_v": {"id": ID, "path": PATH, "payload": {"args": ARGS, "kwargs": KWARGS, "meta": META}}, "_t": "RequestDataType"}</c>.
/// The parts point into the document, which is well-formed from its first byte to its last: nothing runs on half a request.
/// </summary>
internal ref struct Request
{
    /// <summary>Any JSON value, to be sent back as it is; empty where none could be found.</summary>
    public ReadOnlySpan<byte> Id;

    /// <summary>The path's text in UTF-8 where it needs no unescaping, else empty with the text in <see cref="UnescapedPath"/>.</summary>
    public ReadOnlySpan<byte> Path;

    public string? UnescapedPath;

    /// <summary>The list of positional arguments, brackets included.</summary>
    public ReadOnlySpan<byte> Args;

    /// <summary>The object of named arguments, braces included.</summary>
    public ReadOnlySpan<byte> Kwargs;

    /// <summary>The metadata of a .NET client, braces included; empty where there is none, as from an original client.</summary>
    public ReadOnlySpan<byte> Meta;

    /// <summary>It was written as the original's client and ours write it.</summary>
    public bool IsUsual;

    public readonly string GetPath() => UnescapedPath ?? Encoding.UTF8.GetString(Path);
}
