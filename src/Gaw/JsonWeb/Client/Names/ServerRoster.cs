using Gaw.JsonWeb.Client.Servers;
using Gaw.PostOffice.Client;

namespace Gaw.JsonWeb.Client.Names;

/// <summary>The servers that names have led to: those that take calls, and those that do so no more. Used under the lock of the <see cref="ServerMembership"/>.</summary>
internal sealed class ServerRoster(TcpCarrierFactory carriers) : IDisposable
{
    /// <summary>For so long a server that is gone is remembered: it may come back, and what is known against it with it.</summary>
    private static readonly TimeSpan ForgottenAfter = TimeSpan.FromMinutes(1);

    private readonly Dictionary<NamedServer, Member> _members = [];

    /// <summary>Replaced as a whole; pairs with the read in <see cref="Entries"/>.</summary>
    private volatile ServerEntry[] _entries = [];

    private int _issued = -1;
    private long _usedAt;

    /// <summary>Those that take calls.</summary>
    public IReadOnlyList<NamedServer> Servers { get; private set; } = [];

    /// <inheritdoc cref="Servers"/>
    public ServerEntry[] Entries => _entries;

    /// <summary>No look-up has led to a server. May be asked without the lock.</summary>
    public bool IsEmpty => _entries.Length == 0;

    private TimeProvider Time => carriers.Options.TimeProvider;

    /// <summary>Takes the servers of a look-up.</summary>
    /// <returns><see langword="false"/>: they are the same as before.</returns>
    public bool Update(IReadOnlyList<NamedServer> servers)
    {
        bool isSame = servers.Count == Servers.Count && !servers.Except(Servers).Any();
        if (!isSame)
        {
            foreach (NamedServer gone in Servers.Except(servers))
            {
                _members[gone].GoneAt = Time.GetTimestamp();
                _members[gone].Carrier.IsRetired = true;
            }

            _entries = [.. servers.Select(server => Take(server, servers.Count))];
            Servers = servers;
        }

        Forget();
        return !isSame;
    }

    /// <summary>No call was made for so long, and none is open. Asked now and then, in less than the time.</summary>
    public bool IsIdle(TimeSpan time)
    {
        int issued = carriers.Ids.Issued;
        if (issued != _issued || Array.Exists(_entries, static entry => entry.Carrier.Load > 0))
        {
            _issued = issued;
            _usedAt = Time.GetTimestamp();
            return false;
        }

        return Time.GetElapsedTime(_usedAt) >= time;
    }

    public void Dispose()
    {
        foreach (Member member in _members.Values)
        {
            member.Carrier.Dispose();
        }
    }

    private ServerEntry Take(NamedServer server, int count)
    {
        if (!_members.TryGetValue(server, out Member? member))
        {
            TcpCarrier carrier = carriers.Create(server, count, hasOthers: true);
            member = _members[server] = new Member(carrier, new ServerEntry(carrier));
        }

        if (member.Carrier.IsRetired)
        {
            member.Carrier.IsRetired = false;
        }

        return member.Entry;
    }

    private void Forget()
    {
        foreach ((NamedServer server, Member member) in _members.Where(one => one.Value.Carrier is { IsRetired: true, Load: 0 } && Time.GetElapsedTime(one.Value.GoneAt) >= ForgottenAfter).ToArray())
        {
            _members.Remove(server);
            member.Carrier.Dispose();
        }
    }

    private sealed class Member(TcpCarrier carrier, ServerEntry entry)
    {
        public TcpCarrier Carrier => carrier;

        public ServerEntry Entry => entry;

        /// <summary>When it was none of its name's any more.</summary>
        public long GoneAt { get; set; }
    }
}
