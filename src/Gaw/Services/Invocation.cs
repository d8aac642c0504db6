using System.Runtime.ExceptionServices;
using Gaw.Serialization.Streams;
using Gaw.Shared;

namespace Gaw.Services;

/// <summary>One call of an entrypoint: its arguments, then its result. Belongs to its entrypoint and is used again.</summary>
internal sealed class Invocation(ParameterSlot[] slots, ResultSlot result)
{
    /// <summary>The instances of earlier runs: a filter may make the call again.</summary>
    private Stack<object>? _earlier;

    public ParameterSlot[] Slots { get; } = slots;

    public ResultSlot Result { get; } = result;

    /// <summary>Set where the method has a parameter for it.</summary>
    public CancellationToken CancellationToken { get; set; }

    /// <summary>Set where the method has a parameter for it.</summary>
    public GawCallContext? Context { get; set; }

    /// <summary>Set where the method has a parameter for its progress.</summary>
    public ReportSource? Progress { get; set; }

    /// <summary>Takes the items of a result that is a stream; set where the method gives one.</summary>
    public ItemSink? Items { get; set; }

    /// <summary>The instance that the method runs on, where it can be disposed: the result may lean on it until it is written.</summary>
    public object? Instance { get; private set; }

    /// <summary>Some of the arguments are streams whose items come later.</summary>
    public bool HasStreams
    {
        get
        {
            foreach (ParameterSlot slot in Slots)
            {
                if (slot.StreamNumber is not null)
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>Makes the streams among the arguments.</summary>
    public void OpenStreams(StreamFactory streams)
    {
        foreach (ParameterSlot slot in Slots)
        {
            slot.OpenStream(streams);
        }
    }

    /// <summary>Keeps an instance until the call ends.</summary>
    public void Keep(object instance)
    {
        if (Instance is not null)
        {
            (_earlier ??= []).Push(Instance);
        }

        Instance = instance;
    }

    /// <summary>Disposes the instances, the last one first; each one, whatever another throws.</summary>
    /// <exception cref="Exception">The exception that one of them threw; an <see cref="AggregateException"/> where several did.</exception>
    public async ValueTask DisposeInstancesAsync()
    {
        List<Exception>? failures = null;
        while (Instance is { } instance)
        {
            Instance = _earlier is { Count: > 0 } ? _earlier.Pop() : null;
            try
            {
                if (instance is IAsyncDisposable asynchronous)
                {
                    await ForeignTask.Guard(asynchronous.DisposeAsync()).ConfigureAwait(false);
                }
                else
                {
                    (instance as IDisposable)?.Dispose();
                }
            }
            catch (Exception e)
            {
                (failures ??= []).Add(e);
            }
        }

        if (failures is [{ } only])
        {
            ExceptionDispatchInfo.Throw(only);
        }

        if (failures is not null)
        {
            throw new AggregateException(failures);
        }
    }

    public void Clear()
    {
        foreach (ParameterSlot slot in Slots)
        {
            slot.Clear();
        }

        Result.Clear();
        CancellationToken = default;
        Context = null;
        Items = null;
        Progress = null;
    }
}
