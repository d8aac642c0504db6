using Gaw.PostOffice;

namespace Gaw.Nats.Client;

/// <summary>Where the calls of a path go.</summary>
/// <param name="subject">The subject.</param>
/// <param name="everybody">Where all that may have such a call are asked.</param>
/// <param name="service">For messages.</param>
internal sealed class CallSubject(string subject, string everybody, string service)
{
    public string Everybody => everybody;

    public string Service => service;

    /// <summary>Where calls go whose arguments follow them; <see langword="null"/>: there are none.</summary>
    public string? WithStreams { get; init; }

    /// <summary>What the layer above has learned of those who listen; <see langword="null"/>: nothing that lasts.</summary>
    /// <remarks>Written where a reply is read; pairs with the reads of senders. A stale value costs one attempt, which finds no listener.</remarks>
    public object? Server
    {
        get => Volatile.Read(ref field);
        set => Volatile.Write(ref field, value);
    }

    /// <summary>The subject of a call.</summary>
    public string Of(PendingCall call) => call.SendsParts && WithStreams is not null ? WithStreams : subject;
}
