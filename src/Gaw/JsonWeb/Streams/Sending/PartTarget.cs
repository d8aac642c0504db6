using Gaw.Json;

namespace Gaw.JsonWeb.Streams.Sending;

/// <summary>Where the parts of one stream go: a result's are replies, an argument's messages of their own.</summary>
internal abstract class PartTarget
{
    /// <summary>What was called, for messages.</summary>
    public virtual string Path => "a stream";

    /// <summary>So much waits to be sent that the stream has to pause.</summary>
    public abstract bool IsFull { get; }

    /// <summary>Completes when <see cref="IsFull"/> is over, or nothing is sent any more.</summary>
    public abstract Task WhenRoomAsync();

    /// <summary>Begins the document of a part: its items come next. The writer's limit leaves room for what stands behind them.</summary>
    public abstract JsonWriter Begin();

    /// <summary>Sends a part that is not the last one.</summary>
    /// <param name="part">The document of <see cref="Begin"/>, with its items.</param>
    /// <param name="sent">The totals behind it.</param>
    public abstract void Send(JsonWriter part, StreamTotals sent);

    /// <summary>The next item is being made, and everything before has left; or it has been made.</summary>
    public virtual void OnQuiet(bool isQuiet)
    {
    }
}
