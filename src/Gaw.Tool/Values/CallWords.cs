using System.CommandLine;
using System.CommandLine.Parsing;
using Gaw.Tool.Terminals;

namespace Gaw.Tool.Values;

/// <summary>The part of a command line that holds a call's arguments.</summary>
internal sealed class CallWords
{
    private readonly Argument<string[]> _words = new("args")
    {
        HelpName = "arg|name=arg",
        Arity = ArgumentArity.ZeroOrMore,
        Description = "The arguments by position or by name. Each is JSON if it parses as JSON, else text. What stands behind -- is text as it is, by position. name=@- and name=@FILE are the items that stand on stdin or in a file, one as JSON on each line; a method that takes a stream gets them as they are read, any other all of them as a list.",
    };

    private readonly Option<string[]> _texts = new("--string") { HelpName = "name=text", Description = "An argument by name whose value is text as it is, 123 as well; may be repeated." };
    private readonly Option<string?> _data = new("--data") { HelpName = "json|@file|-", Description = "All arguments as one JSON list (by position) or object (by name); from a file or stdin as well." };
    private readonly Option<string?> _document = new("--json-args") { HelpName = "file|-", Description = "The same from a file or stdin." };

    public Symbol[] Symbols => [_words, _texts, _data, _document];

    /// <param name="parsed">The command line.</param>
    /// <param name="terminal">Has stdin.</param>
    /// <param name="streams">The arguments are for one call: items are read as they are asked for.</param>
    public CallArguments Read(ParseResult parsed, Terminal terminal, bool streams = false)
    {
        string[] words = parsed.GetValue(_words) ?? [];
        int texts = Math.Min(words.Length, parsed.Tokens.Reverse().TakeWhile(static t => t.Type != TokenType.DoubleDash).Count());
        int read = parsed.Tokens.Any(static t => t.Type == TokenType.DoubleDash) ? words.Length - texts : words.Length;
        return CallArguments.Parse(new GivenArguments(words[..read], words[read..], parsed.GetValue(_texts) ?? [], parsed.GetValue(_data), parsed.GetValue(_document)), terminal, streams);
    }
}
