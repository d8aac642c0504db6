namespace Gaw.Tool.Values;

/// <summary>Results as JSON that every reader takes. What JSON has no sign for becomes text: <c>"NaN"</c>, <c>"Infinity"</c>, <c>"-Infinity"</c>.</summary>
internal static class StrictJson
{
    public static string Write(object? value) => GawSerializer.ToJson(Finite(value));

    private static object? Finite(object? value) => value switch
    {
        double number when !double.IsFinite(number) => double.IsNaN(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity",
        GawObject made => made.Members.ToDictionary(static m => m.Key, static m => Finite(m.Value)),
        IDictionary<string, object?> members => members.ToDictionary(static m => m.Key, static m => Finite(m.Value)),
        HashSet<object?> set => set.Select(Finite).ToList(),
        object?[] tuple => tuple.Select(Finite).ToList(),
        List<object?> list => list.Select(Finite).ToList(),
        _ => value,
    };
}
