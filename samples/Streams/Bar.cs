namespace Streams;

/// <summary>A bar in a terminal; nothing elsewhere. Reports come one after the other, and the last one before the call ends.</summary>
internal sealed class Bar : IProgress<double>
{
    private const int Width = 40;

    public void Report(double value)
    {
        if (!Console.IsErrorRedirected)
        {
            Console.Error.Write($"\r[{new string('#', (int)(value * Width)),-Width}] {value:P0}{(value >= 1 ? "\n" : "")}");
        }
    }
}
