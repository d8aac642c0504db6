namespace Gaw.JsonWeb.Envelopes;

/// <summary>What crosses the wire of an exception: <c>{"name": TEXT, "message": TEXT, "trace": TEXT or null}</c>.</summary>
internal readonly record struct ErrorInfo(string Name, string Message, string? Trace)
{
    /// <summary>A message is cut to this many characters, so that an error always fits into a frame.</summary>
    private const int MaxTextLength = 16 * 1024;

    /// <summary>And to this many where the frames of a server are small: a character takes up to six bytes.</summary>
    private const int MaxShortLength = 50;

    public static ErrorInfo Of(Exception exception, bool withTrace, string? fallbackName = null)
    {
        string name = exception is GawError error ? error.Name
            : exception is GawSerializationException && fallbackName is not null ? fallbackName
            : exception.GetType().Name;
        return new ErrorInfo(Cut(name), Cut(Read(exception, static e => e.Message)), withTrace ? Cut(Read(exception, static e => e.ToString())) : null);
    }

    /// <summary>What fits into a frame of any limit.</summary>
    public ErrorInfo Shorten() => new(Cut(Name, MaxShortLength), Cut(Message, MaxShortLength), null);

    /// <summary>The text of an exception is the service's own code, which may fail itself.</summary>
    private static string Read(Exception exception, Func<Exception, string?> read)
    {
        try
        {
            return read(exception) ?? "";
        }
        catch (Exception e)
        {
            return $"(the text of the exception could not be made: {e.GetType().Name})";
        }
    }

    private static string Cut(string text, int most = MaxTextLength) => text.Length <= most ? text : string.Concat(text.AsSpan(0, most), "…");
}
