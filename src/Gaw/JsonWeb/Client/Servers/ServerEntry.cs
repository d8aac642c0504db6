using Gaw.PostOffice;

namespace Gaw.JsonWeb.Client.Servers;

/// <summary>A server of a client, and what is known against it. Of a server that was looked up it lasts as long as the server is one of its name's.</summary>
internal sealed class ServerEntry(RequestCarrier carrier)
{
    /// <summary>Written by the threads of calls and of connects; pairs with the reads of choosers. Each value stands for itself, and a moment-old one costs one attempt.</summary>
    private long _failedAt;

    public RequestCarrier Carrier => carrier;

    /// <summary>When it has failed last, as a time stamp; 0 where nothing is known against it.</summary>
    public long FailedAt
    {
        get => Volatile.Read(ref _failedAt);
        set => Volatile.Write(ref _failedAt, value);
    }
}
