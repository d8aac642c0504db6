using Gaw.Tool.Terminals;

namespace Gaw.Tool.Values;

/// <summary>The arguments of one call as they stand on a command line.</summary>
internal sealed class CallArguments
{
    /// <summary>What the value of an argument by name begins with whose items stand elsewhere.</summary>
    private const char FromFile = '@';

    /// <summary>In place of a file: stdin.</summary>
    private const string FromInput = "-";

    private const string DataFile = "data file";

    /// <summary>Items are read as they are asked for. Otherwise all of them are read at once, to be sent again and again.</summary>
    private readonly bool _streams;

    /// <summary>The words that were read as something else than the text that they are, by what they were read as.</summary>
    private readonly List<(string Word, string? Name, object? Value)> _guesses = [];

    /// <summary>What has read stdin.</summary>
    private string? _input;

    private CallArguments(bool streams) => _streams = streams;

    public List<object?> Args { get; } = [];

    public Dictionary<string, object?> Kwargs { get; } = [];

    /// <summary>Each word is JSON if it parses as JSON, else text; <c>name=value</c> goes by name. What is given as text is text.</summary>
    /// <param name="given">The words.</param>
    /// <param name="terminal">Has stdin.</param>
    /// <param name="streams">The arguments are for one call: items are read as they are asked for.</param>
    public static CallArguments Parse(GivenArguments given, Terminal terminal, bool streams)
    {
        CallArguments parsed = new(streams);
        if (given.Data is not null && given.Document is not null)
        {
            throw ToolException.Usage("Give the arguments once: --data or --json-args.");
        }

        if (given.Data is { } data)
        {
            parsed.AddDocument(data == "-" ? parsed.ReadInput("--data -", terminal) : data.StartsWith('@') ? TextFile.Read(data[1..], DataFile) : data, "--data");
        }
        else if (given.Document is { } document)
        {
            parsed.AddDocument(document == "-" ? parsed.ReadInput("--json-args -", terminal) : TextFile.Read(document, DataFile), "--json-args");
        }

        foreach (string word in given.Words)
        {
            parsed.AddWord(word, terminal);
        }

        foreach (string pair in given.Texts)
        {
            int equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                throw ToolException.Usage($"--string {pair} has no name. Write --string name=value; a text by its place stands behind --.");
            }

            parsed.AddNamed(pair[..equals], pair[(equals + 1)..]);
        }

        parsed.Args.AddRange(given.TextWords);
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

    /// <summary>What could be meant, where the server's refusal has to do with what a word was taken for; a sentence with a space before it, or nothing.</summary>
    public string HintAt(GawRemoteException refusal)
    {
        if (refusal.RemoteName != "TypeError")
        {
            return "";
        }

        foreach ((string word, string? name, object? value) in _guesses)
        {
            if (name is not null && refusal.RemoteMessage.EndsWith($"has no argument named {name}", StringComparison.Ordinal))
            {
                return $" \"{word}\" was read as an argument by name; for a text, put it behind --: -- {ShellWords.Posix(word)}";
            }
        }

        if (!refusal.RemoteMessage.Contains("xpected string", StringComparison.Ordinal) || _guesses.FindIndex(static g => g.Value is not string) is not (>= 0 and int mistaken))
        {
            return "";
        }

        (string taken, string? argument, _) = _guesses[mistaken];
        return argument is null
            ? $" {taken} was read as JSON; for a text, put it behind --: -- {ShellWords.Posix(taken)}"
            : $" {taken} was read as JSON; for a text, write --string {ShellWords.Posix(taken)}";
    }

    private void AddWord(string word, Terminal terminal)
    {
        int equals = NameLength(word);
        string text = equals == 0 ? word : word[(equals + 1)..];
        object? value = equals > 0 && text.StartsWith(FromFile) ? ReadItems(word, text[1..], terminal) : ParseValue(text);
        if (equals == 0)
        {
            Args.Add(value);
        }
        else
        {
            AddNamed(word[..equals], value);
        }

        if (equals > 0 || value is not string)
        {
            _guesses.Add((word, equals == 0 ? null : word[..equals], value));
        }
    }

    /// <summary>The items that stand on stdin or in a file, each as JSON on a line of its own; the text itself, where there is no such file.</summary>
    private object? ReadItems(string word, string source, Terminal terminal)
    {
        if (source == FromInput)
        {
            TakeInput(word);
        }
        else if (!File.Exists(source))
        {
            return FromFile + source;
        }

        ItemLines lines = new(word, source == FromInput ? terminal.In : null, source);
        return _streams ? lines.ReadAsync() : lines.ReadAll();
    }

    private string ReadInput(string word, Terminal terminal)
    {
        TakeInput(word);
        return terminal.In.ReadToEnd();
    }

    /// <summary>Stdin can be read once.</summary>
    private void TakeInput(string word)
    {
        if (_input is not null)
        {
            throw ToolException.Usage($"{_input} and {word} both read stdin, which can be read once.");
        }

        _input = word;
    }

    private void AddNamed(string name, object? value)
    {
        if (!Kwargs.TryAdd(name, value))
        {
            throw ToolException.Usage($"{name} is given twice.");
        }
    }

    private void AddDocument(string json, string option)
    {
        object? value;
        try
        {
            value = GawSerializer.Deserialize<object>(json);
        }
        catch (GawSerializationException e)
        {
            throw new ToolException(ExitCodes.Usage, $"{option} is not JSON: {e.Message}", e);
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
                throw ToolException.Usage($"{option} takes a JSON list (arguments by position) or object (by name).");
        }
    }
}
