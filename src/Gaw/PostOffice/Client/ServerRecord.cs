namespace Gaw.PostOffice.Client;

/// <summary>What the connections to one address have learned of the server there. It outlives each of them.</summary>
internal sealed class ServerRecord
{
    private volatile object? _server;
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
