using System.Net;

namespace Gaw.JsonWeb;

/// <summary>A request as a handler of <see cref="JsonWebServer.Map(string, Func{JsonWebRequest, ValueTask{object?}})"/> sees it.</summary>
/// <param name="Path">The path that was called.</param>
/// <param name="Args">The positional arguments.</param>
/// <param name="Kwargs">The named arguments.</param>
/// <param name="RemoteEndPoint">Where the request comes from.</param>
/// <param name="CancellationToken">Fires when the caller is gone.</param>
public sealed record JsonWebRequest(
    string Path, IReadOnlyList<object?> Args, IReadOnlyDictionary<string, object?> Kwargs, EndPoint? RemoteEndPoint, CancellationToken CancellationToken);
