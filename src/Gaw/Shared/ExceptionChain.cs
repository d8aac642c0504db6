namespace Gaw.Shared;

/// <summary>
/// The text of an exception with its inner ones. <see cref="Exception.ToString"/> goes down the chain by recursion
/// and copies the text of the rest at each step: thousands of inner exceptions, as a loop makes
/// that wraps what it catches, take minutes, or the stack and with it the process.
/// </summary>
internal static class ExceptionChain
{
    /// <summary>The most inner exceptions whose text is made.</summary>
    public const int Most = 100;

    /// <summary>As <see cref="Exception.ToString"/>; of a longer chain the outermost alone.</summary>
    public static string GetText(Exception exception) =>
        IsLong(exception) ? $"{exception.GetType()}: {exception.Message} ---> (more than {Most} inner exceptions){Environment.NewLine}{exception.StackTrace}" : exception.ToString();

    /// <summary>The exception, or one that stands for it where the chain is longer.</summary>
    public static Exception? Limit(Exception? exception) => exception is not null && IsLong(exception) ? new InvalidOperationException(GetText(exception)) : exception;

    private static bool IsLong(Exception exception)
    {
        int inner = 0;
        for (Exception? next = exception.InnerException; next is not null; next = next.InnerException)
        {
            if (++inner > Most)
            {
                return true;
            }
        }

        return false;
    }
}
