namespace Gaw.Tool.Values;

/// <summary>The files that a command line names: whole texts in, and what is said where one cannot be read or written.</summary>
internal static class TextFile
{
    /// <summary>Whether a failure is one of the file or its name. An empty or odd name is an argument exception.</summary>
    public static bool Explains(Exception exception) => exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException;

    /// <summary>Reads a file.</summary>
    /// <param name="file">Its path.</param>
    /// <param name="what">Its part in the command, such as <c>secret file</c>.</param>
    /// <exception cref="ToolException">It cannot be read.</exception>
    public static string Read(string file, string what)
    {
        if (file.Length == 0)
        {
            throw ToolException.Usage($"The {what} cannot be read: its name is empty. Write the path of a file; a variable on the command line may be empty.");
        }

        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (Explains(e))
        {
            throw ToolException.Usage($"The {what} cannot be read: {e.Message}");
        }
    }

    /// <summary>What is said of a file that could not be written.</summary>
    public static ToolException NotWritten(string file, Exception exception) => new(
        ExitCodes.Usage,
        file.Length == 0 ? "The output cannot be written: the name of its file is empty. Write the path of a file; a variable on the command line may be empty." : $"{file} cannot be written: {exception.Message}",
        exception);
}
