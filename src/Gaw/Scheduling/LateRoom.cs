namespace Gaw.Scheduling;

/// <summary>
/// What may wait of one stream while the code of a type keeps the thread that reads it: as much as a sender that keeps to its credit can have under way. A message has an item, and an item a byte, so
/// that messages are limited by both. Pure; not thread-safe.
/// </summary>
/// <param name="items">The items of the sender's window.</param>
/// <param name="bytes">Its bytes.</param>
/// <param name="largest">The most that one message can have, in bytes.</param>
/// <param name="envelope">What stands around the items of a message and is not counted, in bytes.</param>
internal sealed class LateRoom(long items, long bytes, int largest, int envelope = 0)
{
    /// <summary>Messages beside those with items: signs of life, limits, the end.</summary>
    public const int OtherMessages = 1000;

    /// <summary>Brackets and blanks triple the smallest items. One item may pass the window, a state may stand before the last message, and that may be an error.</summary>
    private readonly long _mostBytes = 3 * (bytes + largest);
    private readonly long _mostMessages = Math.Min(items, bytes) + OtherMessages;
    private long _bytes;
    private long _messages;

    /// <summary>A message comes.</summary>
    /// <param name="length">Its bytes.</param>
    /// <returns><see langword="false"/>: its sender has passed its credit.</returns>
    public bool TryEnter(int length)
    {
        _messages++;
        _bytes += Counted(length);
        return _messages <= _mostMessages && _bytes <= _mostBytes;
    }

    /// <summary>A message is taken.</summary>
    /// <param name="length">Its bytes.</param>
    public void Leave(int length)
    {
        _messages--;
        _bytes -= Counted(length);
    }

    private int Counted(int length) => Math.Max(0, length - envelope);
}
