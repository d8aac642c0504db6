namespace Gaw.Hosting.Settings;

/// <summary>The values that a setting takes, in words for a message.</summary>
internal static class Takes
{
    public const string Number = "a whole number";
    public const string Duration = "a duration, hours:minutes:seconds, such as \"00:00:25\"";
    public const string Flag = "true or false";
    public const string File = "the path of a file";

    /// <summary>The one kind that has keys below it.</summary>
    public const string Files = "a list of files";

    public static string OneOf<T>()
        where T : struct, Enum => $"one of {string.Join(", ", Enum.GetNames<T>())}";
}
