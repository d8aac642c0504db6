using Gaw.Json;

namespace Gaw.Shared;

/// <summary>An error as it crosses the wire: <c>"name": TEXT, "message": TEXT, "trace": TEXT or null</c>, the members of an object.</summary>
internal sealed record ErrorInfo(string Name, string Message, string? Trace = null)
{
    /// <summary>A text is cut to this many characters, so that an error always fits into a frame.</summary>
    private const int MaxTextLength = 16 * 1024;

    /// <summary>And to this many where the frames of a server are small: a character takes up to six bytes.</summary>
    private const int MaxShortLength = 50;

    /// <summary>The only way from an exception to the wire.</summary>
    /// <param name="exception">What was thrown.</param>
    /// <param name="withTrace">Its trace crosses, too.</param>
    /// <param name="fallbackName">The name of a value that cannot be read or written; <see langword="null"/>: that of the exception's type.</param>
    public static ErrorInfo Of(Exception exception, bool withTrace, string? fallbackName = null)
    {
        string name = exception is GawError error ? error.Name
            : exception is GawSerializationException && fallbackName is not null ? fallbackName
            : exception.GetType().Name;
        return new ErrorInfo(Cut(name), Cut(GetText(exception, static e => e.Message)), withTrace ? Cut(GetText(exception, ExceptionChain.GetText)) : null);
    }

    /// <summary>The same, so short that it fits into a frame of any limit.</summary>
    public ErrorInfo Shorten() => new(Cut(Name, MaxShortLength), Cut(Message, MaxShortLength));

    /// <summary>Writes the three members into an object that has begun.</summary>
    public void WriteMembers(JsonWriter writer)
    {
        writer.Name("name"u8);
        writer.String(Name);
        writer.Name("message"u8);
        writer.String(Message);
        writer.Name("trace"u8);
        if (Trace is null)
        {
            writer.Null();
        }
        else
        {
            writer.String(Trace);
        }
    }

    /// <summary>The text of an exception is the service's own code, which may fail itself.</summary>
    private static string GetText(Exception exception, Func<Exception, string?> read)
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
