using Microsoft.Extensions.Configuration;

namespace Gaw.Hosting.Settings;

/// <summary>A section of the configuration: its members beside the properties of the settings, and all problems in it.</summary>
internal sealed class SectionReading(string path)
{
    private const string SecretKey = "Secret";

    /// <summary>Nothing was read.</summary>
    public static readonly SectionReading None = new("(settings in code)");

    private readonly List<string> _problems = [];
    private readonly List<string> _unknown = [];

    /// <summary>The section, <c>Gaw:Server</c>.</summary>
    public string Path => path;

    public Secret? Secret { get; private set; }

    /// <summary>A sentence for each value that could not be read.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>A sentence for each key that is no setting.</summary>
    public IReadOnlyList<string> Unknown => _unknown;

    /// <summary>Reads a section, each key by itself, so that one wrong value does not hide the next.</summary>
    /// <param name="section">The section.</param>
    /// <param name="known">The settings, each with the values that it takes.</param>
    /// <param name="bind">Binds a configuration of one key to the settings.</param>
    public static SectionReading Read(IConfigurationSection section, IReadOnlyDictionary<string, string> known, Action<IConfiguration> bind)
    {
        SectionReading reading = new(section.Path);
        if (!string.IsNullOrEmpty(section.Value))
        {
            // The value is not shown: it may be a secret, or an address with a password.
            reading._problems.Add($"{section.Path} is one value, and takes settings by their names. Write each under its name, for example {section.Path}:{known.Keys.First()}.");
        }

        foreach (IConfigurationSection child in section.GetChildren())
        {
            if (string.Equals(child.Key, SecretKey, StringComparison.OrdinalIgnoreCase))
            {
                reading.ReadSecret(child);
            }
            else if (known.TryGetValue(child.Key, out string? takes))
            {
                reading.BindOne(child, takes, bind);
            }
            else
            {
                reading._unknown.Add($"{child.Path} is no setting of Gaw and changes nothing. Known are {string.Join(", ", known.Keys.Append(SecretKey).Order(StringComparer.Ordinal))}.");
            }
        }

        return reading;
    }

    private void BindOne(IConfigurationSection child, string takes, Action<IConfiguration> bind)
    {
        // An empty value is a setting that was left out: environment variables cannot be null.
        if (string.IsNullOrEmpty(child.Value) && !HasKeys(child))
        {
            return;
        }

        // The binder passes over a value of another form without a word.
        if (Misshapen(child, takes) is { } problem)
        {
            _problems.Add(problem);
            return;
        }

        try
        {
            IEnumerable<KeyValuePair<string, string?>> below = child.AsEnumerable(makePathsRelative: true).Select(pair => KeyValuePair.Create($"{child.Key}:{pair.Key}", pair.Value));
            bind(new ConfigurationBuilder().AddInMemoryCollection(HasKeys(child) ? below : [KeyValuePair.Create(child.Key, child.Value)]).Build());
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException or ArgumentException)
        {
            _problems.Add($"{child.Path} is \"{child.Value}\", and takes {takes}.");
        }
    }

    /// <summary>What is wrong with the form of a setting: a section where one value belongs, or one value where a list belongs; <see langword="null"/> for nothing.</summary>
    private static string? Misshapen(IConfigurationSection child, string takes)
    {
        if (takes != Takes.Files)
        {
            return HasKeys(child) ? $"{child.Path} has keys below it ({Keys(child)}), and takes {takes}. Write one value for {child.Path} itself." : null;
        }

        return !string.IsNullOrEmpty(child.Value) ? $"{child.Path} is \"{child.Value}\", and takes {takes}. Write each under a number of its own: {child.Path}:0."
            : child.GetChildren().FirstOrDefault(HasKeys) is { } item ? $"{item.Path} has keys below it ({Keys(item)}), and stands in {takes}. Write the path of a file for {item.Path} itself."
            : null;
    }

    private static bool HasKeys(IConfigurationSection section) => section.GetChildren().Any();

    private static string Keys(IConfigurationSection section) => string.Join(", ", section.GetChildren().Select(static child => child.Key));

    private void ReadSecret(IConfigurationSection child)
    {
        // Not even the keys are shown: one of them may be the secret itself.
        if (HasKeys(child))
        {
            _problems.Add($"{child.Path} has keys below it, and takes the base64 text of a secret. Write the text for {child.Path} itself.");
            return;
        }

        if (child.Value is not { Length: > 0 } text)
        {
            return;
        }

        try
        {
            Secret = Secret.FromBase64(text);
        }
        catch (ArgumentException e)
        {
            // The message names the problem and never the text.
            _problems.Add($"{path}:{SecretKey}: {OptionsReader.WithoutParameter(e)}");
        }
    }
}
