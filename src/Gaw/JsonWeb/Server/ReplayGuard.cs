using Gaw.JsonWeb.ReplyCaching;
using Gaw.Logging;
using Gaw.Shared;

namespace Gaw.JsonWeb.Server;

/// <summary>
/// Refuses requests that were recorded on the way and sent again. A request's id has to carry the time it was made at, as those of Python
/// clients (UUID version 1) and ours (version 7) do; it is taken once, and only within a window around now. An id is remembered for twice
/// the window and until its time is outside. When the guard began is told by the present clock: one that was wrong at the start and has been set since
/// shuts nobody out. Thread-safe.
/// </summary>
internal sealed class ReplayGuard
{
    /// <summary>Ids that are remembered at most, about 64 MiB; beyond them everything is refused.</summary>
    public const int MaxIds = 1_000_000;

    private readonly TimeSpan _window;
    private readonly TimeProvider _time;
    private readonly long _began;
    private readonly Lock _gate = new();
    private HashSet<UInt128> _current = [];
    private HashSet<UInt128> _previous = [];
    private long _currentBegan;

    public ReplayGuard(TimeSpan window, TimeProvider time)
    {
        _window = window;
        _time = time;
        _began = _currentBegan = time.GetTimestamp();
    }

    /// <summary>The identity of this server, so that a request for another one, or for the one before a restart, is told apart.</summary>
    public long Server { get; } = ServerIdentity.Create();

    /// <summary>How many ids are remembered.</summary>
    internal int Count
    {
        get
        {
            lock (_gate)
            {
                return _current.Count + _previous.Count;
            }
        }
    }

    /// <summary>Takes an id for the first and only time.</summary>
    /// <param name="id">The JSON value that stands in the request.</param>
    /// <returns>Why the request is refused, or <see langword="null"/>.</returns>
    public string? Refuse(ReadOnlySpan<byte> id)
    {
        if (!CallIds.TryParse(id, out UInt128 number) || IdTime.Of(number) is not { } made)
        {
            return "this server wants ids that carry their time (a UUID of version 1 or 7 as an integer), since ReplayWindow is set";
        }

        DateTimeOffset now = _time.GetUtcNow();
        if (made < now - _window || made > now + _window)
        {
            return $"the request was made at {made:u}, outside ReplayWindow ({DurationText.Of(_window)}) around this server's clock; set the clocks, or send a new request";
        }

        // An id carries whole milliseconds, so the begun one counts whole.
        if (made < DateTimeOffset.FromUnixTimeMilliseconds((now - _time.GetElapsedTime(_began)).ToUnixTimeMilliseconds()))
        {
            return "the request was made before this server began; send a new one";
        }

        lock (_gate)
        {
            if (_time.GetElapsedTime(_currentBegan) > _window * 2)
            {
                // Where the clock was set back, what was taken before lies ahead of it, and could come again.
                _previous.RemoveWhere(id => IdTime.Of(id) is { } time && time < now - _window);
                (_previous, _current) = (_current, _previous);
                _previous.UnionWith(_current);
                _current.Clear();
                _currentBegan = _time.GetTimestamp();
            }

            if (_previous.Contains(number) || _current.Contains(number))
            {
                return "this request was sent before; a request is taken once";
            }

            if (_current.Count + _previous.Count >= MaxIds)
            {
                return "too many requests came within ReplayWindow to remember them all; try again later, or make the window smaller";
            }

            _current.Add(number);
            return null;
        }
    }
}
