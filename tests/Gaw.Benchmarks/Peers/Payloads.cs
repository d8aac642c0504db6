using System.Runtime.Serialization;
using System.Text;
using System.Text.Json;

namespace Gaw.Benchmarks.Peers;

/// <summary>A small object, as the peers send it.</summary>
[GawSerializable]
[DataContract]
public sealed record Item([property: DataMember(Order = 0)] int Id, [property: DataMember(Order = 1)] string Name, [property: DataMember(Order = 2)] double Price);

/// <summary>What is sent.</summary>
internal static class Payloads
{
    /// <summary>A thousand small objects.</summary>
    public static List<Item> Items { get; } = [.. Enumerable.Range(0, 1000).Select(i => new Item(i, $"item number {i}", i * 1.25))];

    /// <summary>The size of <see cref="Items"/> for MB/s: as compact JSON, the same number for all peers.</summary>
    public static int ItemsBytes { get; } = JsonSerializer.SerializeToUtf8Bytes(Items).Length;

    /// <summary>The objects one after the other, as many as are wanted; each is there when it is asked for.</summary>
    public static IAsyncEnumerable<Item> Stream(int count) => Enumerable.Range(0, count).Select(static i => Items[i % Items.Count]).ToAsyncEnumerable();

    /// <summary>Lines of words: ASCII, with a line feed to be escaped in JSON after every 80 characters.</summary>
    public static string Text(int characters)
    {
        StringBuilder text = new(characters + 80);
        while (text.Length < characters)
        {
            text.Append("the quick brown fox jumps over the lazy dog and sees the five boxing wizards go\n");
        }

        return text.ToString(0, characters);
    }
}
