namespace Gaw.PostOffice.Client.Pooling;

/// <summary>What the connections to one address have learned of the server there. It outlives each of them.</summary>
internal sealed class ServerRecord
{
    /// <summary>Replaced as a whole by the thread that reads on some connection; pairs with the reads of senders. An old one costs one refused attempt.</summary>
    private volatile object? _server;

    /// <summary>Set once, for good; pairs with the reads of those that connect, which only choose the words of a message by it.</summary>
    private volatile bool _isKnown;

    /// <summary>What the layer above has learned last, on whichever connection; <see langword="null"/>: nothing.</summary>
    public object? Server
    {
        get => _server;
        set => _server = value;
    }

    /// <summary>The server has answered something: it speaks Gaw, as this client does.</summary>
    public bool IsKnown
    {
        get => _isKnown;
        set => _isKnown = value;
    }
}
