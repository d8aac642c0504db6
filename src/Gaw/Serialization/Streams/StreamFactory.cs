namespace Gaw.Serialization.Streams;

/// <summary>Makes the streams that the arguments of a call are whose items come later.</summary>
internal abstract class StreamFactory
{
    /// <summary>Makes the stream of an argument; its items come when they are asked for.</summary>
    /// <param name="number">Its number among those of the call, as the caller gives it.</param>
    /// <param name="name">The parameter's name, for messages.</param>
    /// <param name="item">Reads its items.</param>
    /// <exception cref="GawError">Another argument has the number.</exception>
    public abstract IAsyncEnumerable<T> Create<T>(int number, string name, ValueConverter<T> item);
}
