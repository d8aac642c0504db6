namespace Gaw.Proxies.Dynamic;

/// <summary>The name in <c>client["A b"]["weird-name"]</c>.</summary>
internal static class IndexerName
{
    public static string Of(object[] indexes) => indexes is [string { Length: > 0 } name]
        ? name
        : throw new ArgumentException("Give the indexer one name: client[\"service\"][\"method\"](...).");
}
