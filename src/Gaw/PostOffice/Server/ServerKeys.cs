using Gaw.PostOffice.Protection;

namespace Gaw.PostOffice.Server;

/// <summary>The keys of a server: those of its own secret, which seal replies, and those of secrets that it accepts besides.</summary>
internal sealed class ServerKeys(PostOfficeServerOptions options) : IDisposable
{
    private readonly IFrameProtector[] _protectors = [options.CreateProtector(options.Secret), .. options.AcceptedSecrets.Select(options.CreateProtector)];

    /// <summary>One for each secret, the server's own first: for a carrier whose peers share one connection.</summary>
    public IReadOnlyList<IFrameProtector> Protectors => _protectors;

    /// <summary>What seals and opens the frames of one connection.</summary>
    public IFrameProtector CreateProtector() => _protectors.Length == 1 ? _protectors[0] : new RotatingFrameProtector(_protectors);

    public void Dispose() => Array.ForEach(_protectors, static protector => protector.Dispose());
}
