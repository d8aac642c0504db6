using System.CommandLine;

namespace Gaw.Tool.Commands;

/// <summary>The options of a call whose result may be a stream.</summary>
internal sealed class StreamOptions
{
    private readonly Option<int> _limit = new("--limit") { HelpName = "count", Description = "End a stream after so many items." };

    private readonly Option<int> _readAhead = new("--read-ahead")
    {
        HelpName = "count",
        Description = "How many items of a stream the server may make before they are asked for: 1 where making one has an effect. Default: what fits into 256 KiB, and not more than --limit.",
    };

    public Symbol[] Symbols => [_limit, _readAhead];

    /// <exception cref="ToolException">A count is none.</exception>
    public StreamLimits Read(ParseResult parsed)
    {
        int? limit = Read(parsed, _limit);
        int? readAhead = Read(parsed, _readAhead);
        return new StreamLimits(limit, readAhead, string.Join(" and ", new[] { limit is null ? null : _limit.Name, readAhead is null ? null : _readAhead.Name }.OfType<string>()));
    }

    private static int? Read(ParseResult parsed, Option<int> option) =>
        parsed.GetResult(option) is null ? null
        : parsed.GetValue(option) is >= 1 and int count ? count
        : throw ToolException.Usage($"{option.Name} {parsed.GetValue(option)} is no number of items. Give 1 or more.");
}

/// <summary>How much of a stream is wanted.</summary>
/// <param name="Limit">So many items; <see langword="null"/>: all.</param>
/// <param name="ReadAhead">So many may be made before they are asked for; <see langword="null"/>: nothing was said.</param>
/// <param name="Names">The options that were given.</param>
internal sealed record StreamLimits(int? Limit, int? ReadAhead, string Names)
{
    public bool AreGiven => Names.Length > 0;

    public long MostItems => Limit ?? long.MaxValue;

    /// <summary>Nobody wants what is beyond the limit, so it need not be made.</summary>
    public CallOptions ApplyTo(CallOptions options) => options with { ReadAhead = ReadAhead ?? Limit };
}
