namespace Gaw.PostOffice.Client.Matching;

/// <summary>The keys of the calls that were answered last, so that a second reply is recognised.</summary>
internal sealed class RepliedKeys
{
    /// <summary>A second reply to a call is recognised up to this many replies later.</summary>
    private const int Remembered = 64;

    private readonly int[] _keys = [.. Enumerable.Repeat(-1, Remembered)];
    private int _count;

    public bool Contains(int key) => Array.IndexOf(_keys, key) >= 0;

    public void Add(int key) => _keys[_count++ % Remembered] = key;
}
