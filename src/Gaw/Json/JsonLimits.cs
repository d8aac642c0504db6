namespace Gaw.Json;

/// <summary>What one document may cost its reader. The defaults hold for a whole frame, envelope included.</summary>
internal sealed record JsonLimits
{
    /// <summary>The largest depth that may be asked for: what a thread's stack bears with room to spare.</summary>
    public const int LargestDepth = 256;

    /// <summary>The limits that hold where none are given.</summary>
    public static JsonLimits Default { get; } = new();

    /// <summary>Nested arrays and objects, the outermost one included. Default: 128.</summary>
    public int MaxDepth
    {
        get;
        init => field = value is > 0 and <= LargestDepth ? value : throw new ArgumentOutOfRangeException(nameof(value), value, $"Give 1 to {LargestDepth}.");
    } = 128;

    /// <summary>Values of a document, containers and their items alike; names of members do not count. Default: 1,000,000.</summary>
    public int MaxValues
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "Give 1 or more.");
    } = 1_000_000;

    /// <summary>Digits of an integer. Default: 4300, as in CPython.</summary>
    public int MaxDigits
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "Give 1 or more.");
    } = 4300;
}
