namespace Gaw.Generators;

/// <summary>The names of files that differ in case only. The compiler takes such for one and refuses all that a generator writes, so the later ones get a number.</summary>
/// <param name="Names">The names that clash, sorted, each behind the one that it clashes with; compared by what they are, so that nothing is written anew while they stay.</param>
internal sealed record CaseClashes(string Names)
{
    private const char Separator = '\n';

    public static CaseClashes Among(IEnumerable<string> names) => new(string.Join(
        Separator.ToString(),
        names.GroupBy(static name => name, StringComparer.OrdinalIgnoreCase).Where(static same => same.Count() > 1)
            .SelectMany(static same => same.OrderBy(static name => name, StringComparer.Ordinal)).OrderBy(static name => name, StringComparer.OrdinalIgnoreCase)));

    /// <summary>The name of the file for a type: with a number where another differs from it in case only.</summary>
    public string FileNameOf(string name)
    {
        string[] same = [.. Names.Split(Separator).Where(each => string.Equals(each, name, StringComparison.OrdinalIgnoreCase))];
        int at = Array.IndexOf(same, name);
        return at < 1 ? name + ".g.cs" : $"{name}.{at + 1}.g.cs";
    }
}
