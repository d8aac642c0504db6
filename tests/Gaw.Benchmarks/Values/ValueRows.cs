using Gaw.Benchmarks.Peers;
using Gaw.Json;
using Gaw.Serialization;

namespace Gaw.Benchmarks.Values;

/// <summary>What programs send: objects, numbers of each kind, texts of each kind. The same at each run.</summary>
internal static class ValueRows
{
    private const int Many = 1000;

    public static IReadOnlyList<ValueRow> All { get; } = [.. Make()];

    private static IEnumerable<ValueRow> Make()
    {
        Random random = new(7);
        return
        [
            .. Of("1,000 objects", Payloads.Items, skips: true),
            .. Of("1,000 plain objects", Enumerable.Range(0, Many).Select(static i => new PlainItem(i, $"item number {i}", i * 1.25)).ToList(), skips: true),
            .. Of("1,000 prices", Numbers(i => Math.Round(random.NextDouble() * 1000, 2))),
            .. Of("1,000 integral doubles", Numbers(i => i)),
            .. Of("1,000 full-precision doubles", Numbers(i => random.NextDouble() * 1000), skips: true),
            .. Of("1,000 floats", Enumerable.Range(0, Many).Select(_ => random.NextSingle()).ToArray()),
            .. Of("dict of 1,000 doubles", Enumerable.Range(0, Many).ToDictionary(static i => $"key {i}", i => random.NextDouble())),
            .. Of("100,000 ints", Enumerable.Range(0, 100 * Many).Select(_ => random.Next(1_000_000)).ToArray(), skips: true),
            .. Of("64 KiB ASCII text", Payloads.Text(64 * 1024), skips: true),
            .. Of("16 K chars, an eighth Thai", Mixed(16 * 1024, 8), skips: true),
            .. Of("16 K chars, all Thai", Mixed(16 * 1024, 1), skips: true),
            .. Of("16 chars", "sixteen letters."),
            .. Of("one price", 1234.56),
            .. Of("one int", 12345),
        ];
    }

    private static IEnumerable<ValueRow> Of<T>(string name, T value, bool skips = false)
    {
        ValueSerializer serializer = new();
        serializer.Learn(typeof(T));
        ValueConverter<T> converter = serializer.Get<T>();
        JsonWriter writer = new();
        converter.Write(writer, value);
        byte[] written = writer.Written.ToArray();
        yield return new ValueRow($"{name}, write", times =>
        {
            for (int i = 0; i < times; i++)
            {
                writer.Reset();
                converter.Write(writer, value);
            }
        });
        yield return new ValueRow($"{name}, read", times =>
        {
            for (int i = 0; i < times; i++)
            {
                JsonReader reader = new(written, JsonLimits.Default);
                converter.Read(ref reader);
            }
        });
        if (skips)
        {
            yield return new ValueRow($"{name}, skip", times =>
            {
                for (int i = 0; i < times; i++)
                {
                    JsonReader reader = new(written, JsonLimits.Default);
                    reader.Skip();
                }
            });
        }
    }

    private static double[] Numbers(Func<int, double> make) => [.. Enumerable.Range(0, Many).Select(make)];

    /// <summary>Words of one alphabet in a row, as in a sentence.</summary>
    private static string Mixed(int length, int oneOf) => string.Create(length, oneOf, static (chars, oneOf) =>
    {
        for (int i = 0; i < chars.Length; i++)
        {
            chars[i] = i / 8 % oneOf == 0 ? (char)('\u0e01' + (i % 46)) : (char)('a' + (i % 26));
        }
    });

    /// <summary>Not registered: it goes out without its name.</summary>
    private sealed record PlainItem(int Id, string Name, double Price);
}
