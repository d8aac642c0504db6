using System.Reflection;

namespace Gaw.JsonWeb.Client.Filters;

/// <summary>A client's call as its filters see it.</summary>
internal abstract class FilteredCall(JsonWebClient client, string path, CallOptions? options, CancellationToken cancellationToken)
    : GawFilterContext(path, options?.Metadata ?? NoMetadata, client.EndPoint, null, cancellationToken)
{
    private static readonly Dictionary<string, string> NoMetadata = [];

    public override MethodInfo? Method => null;

    /// <summary>The end of the filters' chain.</summary>
    public static ValueTask SendAsync(GawFilterContext context) => ((FilteredCall)context).SendAsync();

    protected abstract ValueTask SendAsync();
}
