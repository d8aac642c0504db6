using Gaw.Tool.Commands;
using Gaw.Tool.Values;

namespace Gaw.Tool;

/// <summary>What <c>_gaw/list</c> and <c>_gaw/describe</c> answer.</summary>
internal sealed record Description(List<ServiceInfo> Services, Dictionary<string, TypeShape> Types)
{
    /// <summary>Whether a failure means that the server has no description.</summary>
    public static bool IsMissing(GawRemoteException failure) => failure.RemoteName == "KeyError" && failure.RemoteMessage.Contains("_gaw", StringComparison.Ordinal);

    /// <summary>Asks a server to describe everything, or a service or method as people write it: <c>a.b</c> is method b of service a, or else a service with a dot in its name.</summary>
    /// <exception cref="ToolException">It does not say, or has no such thing.</exception>
    public static async Task<T> DescribeAsync<T>(ServerAccess server, string? given, CancellationToken cancellationToken)
    {
        string? path = given is null ? null : MethodPath.Slashed(given);
        try
        {
            return await AskAsync<T>(server, "_gaw/describe", path, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (path != given && (e is ToolException { ExitCode: ExitCodes.RemoteError } or GawConnectionException { Execution: CallExecution.NotRun }))
        {
            return await AskAsync<T>(server, "_gaw/describe", given, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Asks a server for what <c>list</c> or <c>describe</c> says of everything, of a service or a method.</summary>
    /// <exception cref="ToolException">It does not say, or has no such thing.</exception>
    public static async Task<T> AskAsync<T>(ServerAccess server, string method, string? argument, CancellationToken cancellationToken)
    {
        try
        {
            return server.Engine is { } engine
                ? await engine.AskAsync<T>(method, argument, cancellationToken).ConfigureAwait(false)
                : await server.CallAsync<T>(method, argument is null ? [] : [argument], cancellationToken: cancellationToken).ConfigureAwait(false);
        }
        catch (GawRemoteException e) when (IsMissing(e))
        {
            throw new ToolException(
                ExitCodes.RemoteError,
                $"{server.Address} does not say what it offers: a Python server cannot, and a .NET one that others can reach does only when it is told to (gaw run --self-description always; GawServerOptions.SelfDescription). gaw call, bench and shell work all the same.",
                e);
        }
        catch (GawRemoteException e) when (e.RemoteName == "KeyError")
        {
            string missing = e.RemoteMessage.Replace("path: ", "", StringComparison.Ordinal).Replace(" not found", "", StringComparison.Ordinal);
            throw new ToolException(ExitCodes.RemoteError, $"{server.Address} has no {missing}{(missing.EndsWith('?') ? "" : $". See gaw list {server.Address}.")}", e);
        }
    }
}

internal sealed record ServiceInfo(string Name, string? Doc, List<MethodInfo> Methods);

internal sealed record MethodInfo(
    string Name, string Path, string Signature, string? Doc = null, bool Idempotent = false, List<ParameterInfo>? Parameters = null, ResultInfo? Result = null, ProgressInfo? Progress = null);

/// <param name="Name">The name on the wire.</param>
/// <param name="Csharp">The name in C#.</param>
/// <param name="Type">The type; of a stream that of its items.</param>
/// <param name="Python">The type for Python, to which a stream is a list.</param>
/// <param name="Optional">It may be left out.</param>
/// <param name="Variadic">It takes the arguments behind the others.</param>
/// <param name="Doc">What is said of it.</param>
/// <param name="Default">What stands in its place where it is left out.</param>
/// <param name="Stream">Its items may come one by one.</param>
internal sealed record ParameterInfo(string Name, string Csharp, string Type, string Python, bool Optional, bool Variadic, string? Doc = null, object? Default = null, bool Stream = false);

/// <param name="Type">The type; of a stream that of its items.</param>
/// <param name="Python">The type for Python, to which a stream is a list.</param>
/// <param name="Doc">What is said of it.</param>
/// <param name="Stream">Its items come one by one.</param>
internal sealed record ResultInfo(string Type, string Python, string? Doc = null, bool Stream = false)
{
    /// <summary>As a signature says it.</summary>
    public string Shown => Stream ? "stream of " + Type : Type;
}

/// <summary>What a method says of its progress while it runs.</summary>
internal sealed record ProgressInfo(string Type, string Python);

internal sealed record TypeShape(string Kind, List<MemberShape> Members, string? Doc = null, string? WireName = null, bool Flags = false);

internal sealed record MemberShape(
    string Name, string Csharp, string? Type = null, string? Python = null, bool Required = false, object? Value = null, string? Doc = null, object? Default = null);
