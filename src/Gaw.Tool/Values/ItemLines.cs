namespace Gaw.Tool.Values;

/// <summary>Items of an argument, each as JSON on a line of its own; empty lines are passed over.</summary>
/// <param name="word">As it stands on the command line.</param>
/// <param name="input">Stdin; <see langword="null"/>: a file.</param>
/// <param name="file">The file.</param>
internal sealed class ItemLines(string word, TextReader? input, string file)
{
    /// <summary>All items.</summary>
    /// <exception cref="ToolException">A line is not JSON, or the file cannot be read.</exception>
    public List<object?> ReadAll() => [.. ReadAsync().ToBlockingEnumerable()];

    /// <summary>The items, read as they are asked for.</summary>
    /// <exception cref="ToolException">A line is not JSON, or the file cannot be read.</exception>
    public async IAsyncEnumerable<object?> ReadAsync()
    {
        using StreamReader? opened = input is null ? Open() : null;
        TextReader reader = opened ?? input!;
        for (int line = 1; await reader.ReadLineAsync().ConfigureAwait(false) is { } text; line++)
        {
            if (!string.IsNullOrWhiteSpace(text))
            {
                yield return Parse(text, line);
            }
        }
    }

    private StreamReader Open()
    {
        try
        {
            return File.OpenText(file);
        }
        catch (Exception e) when (TextFile.Explains(e))
        {
            throw ToolException.Usage($"{word}: the file cannot be read: {e.Message}");
        }
    }

    private object? Parse(string text, int line)
    {
        try
        {
            return GawSerializer.Deserialize<object>(text);
        }
        catch (GawSerializationException e)
        {
            throw new ToolException(ExitCodes.Usage, $"{word}: line {line} is not JSON: {e.Message} Each line {(input is null ? "of the file" : "on stdin")} is one item.", e);
        }
    }
}
