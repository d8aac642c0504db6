namespace Gaw.Tool.Shell;

/// <summary>A keyboard.</summary>
internal interface IKeys
{
    /// <summary>Whether Ctrl+C is a key like others; else it is a signal.</summary>
    bool TakesInterrupts { set; }

    /// <summary>Whether a further key is there already.</summary>
    bool HasMore { get; }

    /// <summary>Waits for a key.</summary>
    ConsoleKeyInfo Read();
}

/// <summary>The keyboard of the process.</summary>
internal sealed class ConsoleKeys : IKeys
{
    public bool TakesInterrupts
    {
        set => Console.TreatControlCAsInput = value;
    }

    public bool HasMore => Console.KeyAvailable;

    public ConsoleKeyInfo Read() => Console.ReadKey(intercept: true);
}
