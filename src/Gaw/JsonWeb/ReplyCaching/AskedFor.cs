namespace Gaw.JsonWeb.ReplyCaching;

/// <summary>The newest of the ids that were asked for; not thread-safe.</summary>
/// <param name="most">So many are remembered.</param>
internal sealed class AskedFor(int most)
{
    private readonly HashSet<UInt128> _ids = [];
    private readonly Queue<UInt128> _order = new();

    public bool Contains(UInt128 id) => _ids.Contains(id);

    public void Add(UInt128 id)
    {
        if (!_ids.Add(id))
        {
            return;
        }

        _order.Enqueue(id);
        if (_order.Count > most)
        {
            _ids.Remove(_order.Dequeue());
        }
    }
}
