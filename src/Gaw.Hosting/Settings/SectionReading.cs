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
        foreach (IConfigurationSection child in section.GetChildren())
        {
            if (string.Equals(child.Key, SecretKey, StringComparison.OrdinalIgnoreCase))
            {
                reading.ReadSecret(child.Value);
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
        if (child.Value is "")
        {
            return;
        }

        try
        {
            IEnumerable<KeyValuePair<string, string?>> below = child.AsEnumerable(makePathsRelative: true).Select(pair => KeyValuePair.Create($"{child.Key}:{pair.Key}", pair.Value));
            bind(new ConfigurationBuilder().AddInMemoryCollection(child.Value is { } value ? [KeyValuePair.Create<string, string?>(child.Key, value)] : below).Build());
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException or ArgumentException)
        {
            _problems.Add($"{child.Path} is \"{child.Value}\", and takes {takes}.");
        }
    }

    private void ReadSecret(string? text)
    {
        if (string.IsNullOrEmpty(text))
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
