namespace Gaw.Serialization;

/// <summary>
/// The places of the arguments in a request. Either both ends are known, or only the beginning: then the reader of the positional arguments finds
/// their end, and with it the named ones.
/// </summary>
internal readonly ref struct ArgumentSpans
{
    private readonly ReadOnlySpan<byte> _between;
    private readonly ReadOnlySpan<byte> _kwargs;

    /// <summary>Arguments whose ends are known.</summary>
    /// <param name="args">The list of positional arguments, brackets included.</param>
    /// <param name="kwargs">The object of named arguments, braces included.</param>
    public ArgumentSpans(ReadOnlySpan<byte> args, ReadOnlySpan<byte> kwargs)
    {
        Args = args;
        _kwargs = kwargs;
    }

    private ArgumentSpans(ReadOnlySpan<byte> args, ReadOnlySpan<byte> between, ReadOnlySpan<byte> kwargs)
        : this(args, kwargs) => _between = between;

    /// <summary>Begins with the list of positional arguments.</summary>
    public ReadOnlySpan<byte> Args { get; }

    /// <summary>Arguments in a document that was not checked: the list, <paramref name="between"/>, the object and the end, if the document is in its usual form.</summary>
    public static ArgumentSpans InPlace(ReadOnlySpan<byte> arguments, ReadOnlySpan<byte> between) => new(arguments, between, default);

    /// <summary>Finds the named arguments, when the positional ones have been read.</summary>
    /// <param name="argsLength">The bytes of the list.</param>
    /// <param name="kwargs">Begins with the object of named arguments.</param>
    /// <returns><see langword="false"/>: the document has another form.</returns>
    public bool TryGetKwargs(int argsLength, out ReadOnlySpan<byte> kwargs)
    {
        kwargs = _kwargs;
        if (_between.IsEmpty)
        {
            return true;
        }

        if (!Args[argsLength..].StartsWith(_between))
        {
            return false;
        }

        kwargs = Args[(argsLength + _between.Length)..];
        return kwargs.Length > 0 && kwargs[0] == '{';
    }
}
