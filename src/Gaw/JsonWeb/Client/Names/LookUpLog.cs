using Gaw.JsonWeb.Client.Servers;
using Gaw.PostOffice.Addresses;
using Microsoft.Extensions.Logging;

namespace Gaw.JsonWeb.Client.Names;

/// <summary>What is said of the look-ups of a client: each problem once, until there is another, and each change of the servers. Used under the lock of its owner.</summary>
/// <param name="addresses">What the client was given.</param>
/// <param name="logger">The client's.</param>
internal sealed class LookUpLog(IReadOnlyList<ServerAddress> addresses, ILogger logger)
{
    /// <summary>The names that are looked up, for messages.</summary>
    public string Names { get; } = string.Join(", ", addresses.Where(static address => address.Scheme == ServerAddress.Dns));

    /// <summary>The problem of the last look-up; empty: there was none.</summary>
    public string Problem { get; private set; } = "";

    public void Note(IReadOnlyDictionary<ServerAddress, NameAnswer> answers)
    {
        string before = Problem;
        Problem = string.Join("; ", answers.Values.Select(static answer => answer.Problem).OfType<string>().Distinct());
        if (Problem.Length > 0 && Problem != before)
        {
            logger.CannotLookUp(Names, Problem);
        }
    }

    public void Changed(ServerEntry[] servers)
    {
        if (logger.IsEnabled(LogLevel.Information))
        {
            logger.ServersChanged(Names, servers.Length, string.Join(", ", servers.Select(static entry => entry.Carrier.EndPoint)));
        }
    }
}
