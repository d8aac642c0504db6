namespace Streams;

/// <summary>A bar in a terminal; elsewhere its end alone.</summary>
internal static class Bar
{
    private const int Width = 40;

    public static void Show(int done, int of)
    {
        if (!Console.IsOutputRedirected)
        {
            Console.Write($"\r[{new string('#', done * Width / of),-Width}] {done} of {of}");
        }

        if (done == of)
        {
            Console.WriteLine(Console.IsOutputRedirected ? $"imported {of} articles" : "");
        }
    }
}
