namespace Gaw.Services;

/// <summary>One call of an entrypoint: its arguments, then its result. Belongs to its entrypoint and is used again.</summary>
internal sealed class Invocation(ParameterSlot[] slots, ResultSlot result)
{
    public ParameterSlot[] Slots { get; } = slots;

    public ResultSlot Result { get; } = result;

    /// <summary>Set where the method has a parameter for it.</summary>
    public CancellationToken CancellationToken { get; set; }

    /// <summary>Set where the method has a parameter for it.</summary>
    public GawCallContext? Context { get; set; }

    public void Clear()
    {
        foreach (ParameterSlot slot in Slots)
        {
            slot.Clear();
        }

        Result.Clear();
        CancellationToken = default;
        Context = null;
    }
}
