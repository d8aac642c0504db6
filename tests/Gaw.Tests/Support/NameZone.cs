using System.Net;

namespace Gaw.Tests.Support;

/// <summary>A name server of one name, whose answer a test changes.</summary>
public sealed class NameZone
{
    private volatile IPAddress[] _addresses = [];
    private int _asked;

    /// <summary>How often it was asked.</summary>
    public int Asked => Volatile.Read(ref _asked);

    /// <summary>It answers with an error.</summary>
    public bool Fails { get; set; }

    /// <summary>It does not answer until this is set.</summary>
    public ManualResetEventSlim Answers { get; } = new(initialState: true);

    public void Set(params string[] addresses) => _addresses = [.. addresses.Select(IPAddress.Parse)];

    public IPAddress[] LookUp(string name)
    {
        Interlocked.Increment(ref _asked);
        Answers.Wait();
        return Fails ? throw new System.Net.Sockets.SocketException((int)System.Net.Sockets.SocketError.HostNotFound) : _addresses;
    }
}
