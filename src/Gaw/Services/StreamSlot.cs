using Gaw.Serialization;
using Gaw.Serialization.Streams;
using Gaw.Serialization.Types;
using Gaw.Shared;

namespace Gaw.Services;

/// <summary>The place of a result whose items go out by themselves: empty, unless a filter gives others in place of the method's.</summary>
internal abstract class StreamSlot : ResultSlot
{
    /// <summary>The items of the method are on their way, or were.</summary>
    public bool WasTaken { get; set; }

    /// <summary>The items that a filter has given; <see langword="null"/>: none.</summary>
    public ItemSource? Given { get; protected set; }

    public override void Clear()
    {
        WasTaken = false;
        Given = null;
    }
}

/// <inheritdoc/>
internal sealed class StreamSlot<T>(ValueConverter<T> converter) : StreamSlot
{
    /// <summary>Always empty: items are not kept.</summary>
    public override object? BoxedValue
    {
        get => null;
        set
        {
            if (WasTaken)
            {
                throw new InvalidOperationException("The items of the method are sent as they come, so a filter can give others only in place of going on.");
            }

            Given = value switch
            {
                null => null,
                IAsyncEnumerable<T> stream => new ItemSource<T>(stream, converter),
                IEnumerable<T> list => new ItemSource<T>(ToStream(list), converter),
                _ => throw new ArgumentException($"The result is a stream of {TypeNames.Friendly(typeof(T))}, so a filter cannot give a {TypeNames.Friendly(value.GetType())} in its place.", nameof(value)),
            };
        }
    }

#pragma warning disable CS1998 // There is nothing to await.
    private static async IAsyncEnumerable<T> ToStream(IEnumerable<T> list)
    {
        foreach (T item in list)
        {
            yield return item;
        }
    }
#pragma warning restore CS1998
}
