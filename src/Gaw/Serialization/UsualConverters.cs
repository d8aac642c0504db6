namespace Gaw.Serialization;

/// <summary>The types of dynamic values, which stand in no signature. Entered for programs that are compiled ahead of time.</summary>
internal static class UsualConverters
{
    public static void Add()
    {
        GeneratedConverters.AddSequence<List<object>, object>(static items => items);
        GeneratedConverters.AddSequence<object[], object>(static items => [.. items]);
        GeneratedConverters.AddSequence<List<string>, string>(static items => items);
        GeneratedConverters.AddSequence<string[], string>(static items => [.. items]);
        GeneratedConverters.AddSequence<List<int>, int>(static items => items);
        GeneratedConverters.AddSequence<int[], int>(static items => [.. items]);
        GeneratedConverters.AddSequence<List<double>, double>(static items => items);
        GeneratedConverters.AddSequence<double[], double>(static items => [.. items]);
        GeneratedConverters.AddSet<HashSet<object>, object>(static items => items);
        GeneratedConverters.AddDictionary<Dictionary<string, object>, string, object>(static entries => entries);
        GeneratedConverters.AddDictionary<Dictionary<object, object>, object, object>(static entries => entries);
    }
}
