using Microsoft.Extensions.Options;

namespace Gaw.Hosting.Settings;

/// <summary>Says at the start all that is wrong in a server's settings.</summary>
internal sealed class ServerSettingsValidator(string name) : IValidateOptions<GawServerSettings>
{
    public ValidateOptionsResult Validate(string? validated, GawServerSettings options) => validated != name ? ValidateOptionsResult.Skip
        : ServerSettings.Read(options).Problems is { Count: > 0 } problems ? ValidateOptionsResult.Fail(problems)
        : ValidateOptionsResult.Success;
}

/// <summary>Says at the start all that is wrong in a client's settings.</summary>
internal sealed class ClientSettingsValidator(string name, bool needsAddress) : IValidateOptions<GawClientSettings>
{
    public ValidateOptionsResult Validate(string? validated, GawClientSettings options) => validated != name ? ValidateOptionsResult.Skip
        : ClientSettings.Read(options, name, needsAddress).Problems is { Count: > 0 } problems ? ValidateOptionsResult.Fail(problems)
        : ValidateOptionsResult.Success;
}
