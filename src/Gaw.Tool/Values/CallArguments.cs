using System.CommandLine;
using System.CommandLine.Parsing;
using Gaw.Tool.Terminals;

namespace Gaw.Tool.Values;

/// <summary>The arguments of one call as they stand on a command line.</summary>
internal sealed class CallArguments
{
    /// <summary>The words that were read as something else than the text that they are, by what they were read as.</summary>
    private readonly List<(string Word, string? Name, object? Value)> _guesses = [];

    private CallArguments()
    {
    }

    public List<object?> Args { get; } = [];

    public Dictionary<string, object?> Kwargs { get; } = [];

    /// <summary>Each word is JSON if it parses as JSON, else text; <c>name=value</c> goes by name. What is given as text is text.</summary>
    public static CallArguments Parse(GivenArguments given, Terminal terminal)
    {
        CallArguments parsed = new();
        if (given.Data is not null && given.Document is not null)
        {
            throw ToolException.Usage("Give the arguments once: --data or --json-args.");
        }

        if (given.Data is { } data)
        {
            parsed.AddDocument(data == "-" ? terminal.In.ReadToEnd() : data.StartsWith('@') ? ReadFile(data[1..]) : data, "--data");
        }
        else if (given.Document is { } document)
        {
            parsed.AddDocument(document == "-" ? terminal.In.ReadToEnd() : ReadFile(document), "--json-args");
        }

        foreach (string word in given.Words)
        {
            parsed.AddWord(word);
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

    private void AddWord(string word)
    {
        int equals = NameLength(word);
        string text = equals == 0 ? word : word[(equals + 1)..];
        object? value = ParseValue(text);
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

    private static string ReadFile(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw ToolException.Usage($"The data file cannot be read: {e.Message}");
        }
    }
}

/// <summary>What a command line gives to a call, before it is read.</summary>
/// <param name="Words">Words that are read as JSON or as name and value, where they look like that.</param>
/// <param name="TextWords">The words behind <c>--</c>: texts.</param>
/// <param name="Texts"><c>name=text</c> of <c>--string</c>.</param>
/// <param name="Data">The value of <c>--data</c>.</param>
/// <param name="Document">The value of <c>--json-args</c>.</param>
internal sealed record GivenArguments(IReadOnlyList<string> Words, IReadOnlyList<string> TextWords, IReadOnlyList<string> Texts, string? Data, string? Document);

/// <summary>The part of a command line that holds a call's arguments.</summary>
internal sealed class CallWords
{
    private readonly Argument<string[]> _words = new("args")
    {
        HelpName = "arg|name=arg",
        Arity = ArgumentArity.ZeroOrMore,
        Description = "The arguments by position or by name. Each is JSON if it parses as JSON, else text. What stands behind -- is text as it is, by position.",
    };

    private readonly Option<string[]> _texts = new("--string") { HelpName = "name=text", Description = "An argument by name whose value is text as it is, 123 as well; may be repeated." };
    private readonly Option<string?> _data = new("--data") { HelpName = "json|@file|-", Description = "All arguments as one JSON list (by position) or object (by name); from a file or stdin as well." };
    private readonly Option<string?> _document = new("--json-args") { HelpName = "file|-", Description = "The same from a file or stdin." };

    public Symbol[] Symbols => [_words, _texts, _data, _document];

    public CallArguments Read(ParseResult parsed, Terminal terminal)
    {
        string[] words = parsed.GetValue(_words) ?? [];
        int texts = Math.Min(words.Length, parsed.Tokens.Reverse().TakeWhile(static t => t.Type != TokenType.DoubleDash).Count());
        int read = parsed.Tokens.Any(static t => t.Type == TokenType.DoubleDash) ? words.Length - texts : words.Length;
        return CallArguments.Parse(new GivenArguments(words[..read], words[read..], parsed.GetValue(_texts) ?? [], parsed.GetValue(_data), parsed.GetValue(_document)), terminal);
    }
}
