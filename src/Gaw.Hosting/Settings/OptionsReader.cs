namespace Gaw.Hosting.Settings;

/// <summary>Sets options one by one, and collects the values that they refuse.</summary>
internal static class OptionsReader
{
    /// <summary>An argument exception's message without the name of the parameter, which means nothing to the author of settings.</summary>
    public static string WithoutParameter(ArgumentException exception)
    {
        int end = exception.Message.IndexOf(" (Parameter ", StringComparison.Ordinal);
        return end < 0 ? exception.Message : exception.Message[..end];
    }
}

/// <inheritdoc cref="OptionsReader"/>
/// <typeparam name="TOptions">The record of options.</typeparam>
internal sealed class OptionsReader<TOptions>(TOptions options, SectionReading section)
    where TOptions : class
{
    /// <summary>The options so far.</summary>
    public TOptions Options { get; private set; } = options;

    /// <summary>A sentence for each setting that was refused.</summary>
    public List<string> Problems { get; } = [.. section.Problems];

    /// <summary>Sets one option, where the setting has a value.</summary>
    public void Set<T>(string name, T? value, Func<TOptions, T, TOptions> set)
        where T : struct
    {
        if (value is { } given)
        {
            Try(name, $"{given}", () => Options = set(Options, given));
        }
    }

    /// <summary>Reads the secret: from the section, or from the file.</summary>
    public void SetSecret(string? file, Func<TOptions, Secret, TOptions> set)
    {
        if (section.Secret is { } inline)
        {
            Options = set(Options, inline);
            if (!string.IsNullOrEmpty(file))
            {
                Problems.Add($"{section.Path} has both Secret and SecretFile. Give one of them; a file keeps the secret out of dumps and environments.");
            }
        }
        else if (!string.IsNullOrEmpty(file))
        {
            ReadSecret("SecretFile", file, secret => Options = set(Options, secret));
        }
    }

    /// <summary>Reads a secret from a file.</summary>
    public void ReadSecret(string name, string file, Action<Secret> take)
    {
        try
        {
            take(Secret.FromFile(file));
        }
        catch (ArgumentException e)
        {
            Problems.Add($"{section.Path}:{name}: {OptionsReader.WithoutParameter(e)}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            Problems.Add($"{section.Path}:{name}: {file} cannot be read: {e.Message}");
        }
    }

    /// <summary>Tries something that may be refused with an <see cref="ArgumentException"/>.</summary>
    public void Try(string name, string given, Action act)
    {
        try
        {
            act();
        }
        catch (ArgumentException e)
        {
            Problems.Add($"{section.Path}:{name} is {given}. {OptionsReader.WithoutParameter(e)}");
        }
    }
}
