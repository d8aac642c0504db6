namespace Gaw.Tool;

/// <summary>Those methods of <c>_gaw</c> whose answers are read as types. From it the source generator writes what reads them in a native program.</summary>
[Service("_gaw")]
internal interface ISelfDescription
{
    Task<List<ServiceInfo>> ListAsync(string? service, CancellationToken cancellationToken);

    Task<Description> DescribeAsync(string? path, CancellationToken cancellationToken);
}
