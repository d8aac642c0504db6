using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Serialization;
using System.Text;

namespace Gaw.Benchmarks.Peers;

/// <summary>A small object, as the peers send it.</summary>
[GawSerializable]
[DataContract]
[GenerateSerializer]
[Immutable]
public sealed record Item([property: DataMember(Order = 0), Id(0)] int Id, [property: DataMember(Order = 1), Id(1)] string Name, [property: DataMember(Order = 2), Id(2)] double Price);

/// <summary>What is sent.</summary>
internal static class Payloads
{
    /// <summary>A thousand small objects.</summary>
    public static List<Item> Items { get; } = [.. Enumerable.Range(0, 1000).Select(i => new Item(i, $"item number {i}", i * 1.25))];

    /// <summary>What an echo of <see cref="Items"/> is known by.</summary>
    public static (int Count, string First, string Last) ItemsEnds { get; } = (Items.Count, Items[0].Name, Items[^1].Name);

    /// <summary>A thousand names, each with a double of up to 17 digits; always the same.</summary>
    public static Dictionary<string, double> Scores { get; } = MakeScores();

    public static KeyValuePair<string, double> LastScore { get; } = Scores.Last();

    /// <summary>The objects one after the other, as many as are wanted; each is there when it is asked for.</summary>
    public static IAsyncEnumerable<Item> Stream(int count) => Enumerable.Range(0, count).Select(static i => Items[i % Items.Count]).ToAsyncEnumerable();

    /// <summary>Time stamps of the machine's clock, one about every 30 ms.</summary>
    public static async IAsyncEnumerable<long> Stamps(int count, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (int i = 0; i < count; i++)
        {
            await Task.Delay(30, cancellationToken);
            yield return Stopwatch.GetTimestamp();
        }
    }

    /// <summary>Lines of words: ASCII, with a line feed to be escaped in JSON after every 80 characters.</summary>
    public static string Text(int characters) => Repeat("the quick brown fox jumps over the lazy dog and sees the five boxing wizards go\n", characters);

    /// <summary>Thai words: three bytes of UTF-8 for each character, or an escape of six.</summary>
    public static string Thai(int characters) => Repeat("เป็นมนุษย์สุดประเสริฐเลิศคุณค่า กว่าบรรดาฝูงสัตว์เดรัจฉาน ", characters);

    private static string Repeat(string line, int characters)
    {
        StringBuilder text = new(characters + line.Length);
        while (text.Length < characters)
        {
            text.Append(line);
        }

        return text.ToString(0, characters);
    }

    private static Dictionary<string, double> MakeScores()
    {
        Random random = new(7);
        return Enumerable.Range(0, 1000).ToDictionary(static i => $"name {i}", _ => random.NextDouble() * 1000);
    }
}
