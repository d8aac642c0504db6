using System.Text.Json;

namespace Gaw.Tests.Support;

/// <summary>The recorded frames of the original, from <c>vectors.json</c>.</summary>
internal static class Vectors
{
    /// <summary>All of them, in the order of the file.</summary>
    public static IReadOnlyList<Vector> All { get; } = Load();

    /// <summary>The one with the given name.</summary>
    public static Vector Named(string name) => All.Single(vector => vector.Name == name);

    private static List<Vector> Load()
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Support", "vectors.json")));
        return [.. document.RootElement.GetProperty("vectors").EnumerateArray().Select(Read)];
    }

    private static Vector Read(JsonElement vector) => new(
        vector.GetProperty("name").GetString()!,
        vector.GetProperty("mode").GetString()!,
        vector.GetProperty("secret").GetString(),
        vector.GetProperty("direction").GetString()!,
        Convert.FromHexString(vector.GetProperty("frame_hex").GetString()!),
        vector.GetProperty("json").GetString(),
        vector.TryGetProperty("expect", out JsonElement expect) && expect.ValueKind is JsonValueKind.Object ? expect.GetProperty("outcome").GetString() : null);
}

/// <summary>One recorded frame.</summary>
/// <param name="Name">Mode, case and direction.</param>
/// <param name="Mode">plain, signed or encrypted.</param>
/// <param name="Secret">The key as base64; <see langword="null"/> in plain mode.</param>
/// <param name="Direction">request or response.</param>
/// <param name="Frame">The whole frame, length line included.</param>
/// <param name="Json">The document; <see langword="null"/> when the frame must be refused.</param>
/// <param name="Outcome">What becomes of it, where "decodes to the document" is not the whole story.</param>
internal sealed record Vector(string Name, string Mode, string? Secret, string Direction, byte[] Frame, string? Json, string? Outcome);
