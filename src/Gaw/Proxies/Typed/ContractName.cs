using System.Diagnostics.CodeAnalysis;
using Gaw.Serialization.Types;
using Gaw.Services.Discovery;
using Gaw.Shared;

namespace Gaw.Proxies.Typed;

/// <summary>The name of the service that an interface stands for.</summary>
internal static class ContractName
{
    /// <summary>
    /// The interface's own name, unless it has no mark and derives from interfaces that have one: a server serves its methods under their name, so
    /// that is taken where it is one and all methods belong to it. Anything else is a problem.
    /// </summary>
    public static string Of([DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] Type contract, ICollection<string> problems)
    {
        string own = WireNames.OfService(contract);
        Type[] marked = IsMarked(contract) ? [] : [.. contract.GetInterfaces().Where(IsMarked)];
        if (marked.Length == 0)
        {
            return own;
        }

        string[] names = [.. marked.Select(WireNames.OfService).Distinct(StringComparer.Ordinal)];
        string[] homeless = [.. ContractMembers.Find(contract, []).Where(method => !Array.Exists(marked, each => each == method.DeclaringType || method.DeclaringType!.IsAssignableFrom(each))).Select(static method => method.Name)];
        if (names is [string only] && homeless.Length == 0)
        {
            return only;
        }

        problems.Add(
            $"it has no [Service], but derives from {string.Join(" and ", marked.Select(static each => $"{TypeNames.Full(each)}, which is the service {WireNames.OfService(each)}"))}"
            + $"{(homeless.Length == 0 ? "" : $", and {string.Join(", ", homeless)} {(homeless.Length == 1 ? "belongs" : "belong")} to none of them")}. "
            + $"Mark it with [Service(\"{names[0]}\")] to call that service, with [Service(\"{own}\")] to call one of its own, or ask for the interface that is marked");
        return own;
    }

    private static bool IsMarked(Type type) => type.IsDefined(typeof(ServiceAttribute), inherit: false);
}
