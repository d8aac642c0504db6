namespace Gaw.Tool.Values;

/// <summary>The arguments of one call as they stand on a command line.</summary>
internal sealed record CallArguments(List<object?> Args, Dictionary<string, object?> Kwargs)
{
    /// <summary>Each word is JSON if it parses as JSON, else text; <c>name=value</c> goes by name. <paramref name="data"/> is a JSON list or object of all.</summary>
    public static CallArguments Parse(IReadOnlyList<string> words, string? data, Terminal terminal)
    {
        CallArguments parsed = new([], []);
        if (data is not null)
        {
            parsed.AddData(data, terminal);
        }

        foreach (string word in words)
        {
            int equals = NameLength(word);
            if (equals == 0)
            {
                parsed.Args.Add(ParseValue(word));
            }
            else if (!parsed.Kwargs.TryAdd(word[..equals], ParseValue(word[(equals + 1)..])))
            {
                throw ToolException.Usage($"{word[..equals]} is given twice.");
            }
        }

        return parsed;
    }

    /// <summary>JSON if it parses as JSON, else the text itself.</summary>
    public static object? ParseValue(string text)
    {
        // Most words are plain; the runtime takes milliseconds for its first exception.
        if (text.Length == 0 || (char.IsLetter(text[0]) && text[0] is not ('t' or 'f' or 'n' or 'N' or 'I')))
        {
            return text;
        }

        try
        {
            return GawSerializer.Deserialize<object>(text);
        }
        catch (GawSerializationException)
        {
            return text;
        }
    }

    private void AddData(string data, Terminal terminal)
    {
        string json = data == "-" ? terminal.In.ReadToEnd() : data.StartsWith('@') ? ReadFile(data[1..]) : data;
        object? value;
        try
        {
            value = GawSerializer.Deserialize<object>(json);
        }
        catch (GawSerializationException e)
        {
            throw new ToolException(ExitCodes.Usage, $"--data is not JSON: {e.Message}", e);
        }

        switch (value)
        {
            case List<object?> list:
                Args.AddRange(list);
                break;
            case Dictionary<string, object?> members:
                foreach ((string name, object? member) in members)
                {
                    Kwargs.Add(name, member);
                }

                break;
            default:
                throw ToolException.Usage("--data takes a JSON list (arguments by position) or object (by name).");
        }
    }

    private static string ReadFile(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw ToolException.Usage($"The data file cannot be read: {e.Message}");
        }
    }

    /// <summary>How long the name in <c>name=value</c> is; 0 for a value alone.</summary>
    public static int NameLength(string word)
    {
        int at = 0;
        while (at < word.Length && (word[at] == '_' || char.IsLetter(word[at]) || (at > 0 && char.IsDigit(word[at]))))
        {
            at++;
        }

        return at < word.Length && word[at] == '=' ? at : 0;
    }
}
