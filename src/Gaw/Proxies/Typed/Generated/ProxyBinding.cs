using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using Gaw.JsonWeb;
using Gaw.Proxies.Typed;
using Gaw.Shared;

namespace Gaw.Proxies;

/// <summary>The methods of one client, for the proxy of an interface when it is made. For the code of typed clients only.</summary>
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

    /// <summary>The problems of the interface and of the methods that were asked for.</summary>
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

        // The caller reports all problems at once and does not use this proxy.
        List<string> problems = [];
        ProxyMethod<TResult, TArguments> method = new(_client, $"{_service}/{name ?? WireNames.OfMember(member)}", parameters, isIdempotent, problems);
        Problems.AddRange(problems.Select(problem => $"{member} {problem}"));
        return method;
    }
}
