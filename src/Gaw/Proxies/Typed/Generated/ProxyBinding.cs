using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using Gaw.JsonWeb;
using Gaw.Proxies.Typed;
using Gaw.Shared;

namespace Gaw.Proxies;

/// <summary>What the proxy of an interface gets when it is made: the methods of one client. For the code of typed clients only.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ProxyBinding
{
    private readonly JsonWebClient _client;
    private readonly string _service;

    internal ProxyBinding(JsonWebClient client, [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] Type contract)
    {
        _client = client;
        _service = ContractName.Of(contract, Problems);
    }

    /// <summary>What is wrong with the interface and the methods that were asked for.</summary>
    internal List<string> Problems { get; } = [];

    /// <summary>A method of the service.</summary>
    /// <param name="member">The member's name in C#.</param>
    /// <param name="name">The name on the wire that its <see cref="EntrypointAttribute"/> gives it; <see langword="null"/> for the member's in snake_case.</param>
    /// <param name="isIdempotent">Whether a call may be sent twice.</param>
    /// <param name="parameters">The names of the parameters that are sent, in their order.</param>
    public ProxyMethod<TResult, TArguments> Method<TResult, TArguments>(string member, string? name, bool isIdempotent, params string[] parameters)
        where TArguments : struct, IProxyArguments
    {
        ArgumentNullException.ThrowIfNull(member);

        // All that is wrong is said at once, by the one who asked for the proxy; this one is never used then.
        List<string> problems = [];
        ProxyMethod<TResult, TArguments> method = new(_client, $"{_service}/{name ?? WireNames.OfMember(member)}", parameters, isIdempotent, problems);
        Problems.AddRange(problems.Select(problem => $"{member} {problem}"));
        return method;
    }
}
