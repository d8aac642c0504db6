using System.Diagnostics.CodeAnalysis;
using Gaw.Services.Discovery;
using Gaw.Shared;

namespace Gaw.Proxies.Typed;

/// <summary>Finds the methods of a service interface by reflection, and refuses an interface with anything wrong in it.</summary>
internal static class ServiceContract
{
    /// <summary>The methods of an interface and of those it derives from.</summary>
    /// <exception cref="ArgumentException">It is no interface, or has members that cannot be called; says all that is wrong.</exception>
    public static IReadOnlyList<ContractMethod> Describe([DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] Type type)
    {
        if (!type.IsInterface)
        {
            throw TypedServices.Refused(type, ["it is no interface"]);
        }

        List<string> problems = [];
        List<ContractMethod> methods = [.. ContractMembers.Find(type, problems).Select(static method => new ContractMethod(method))];
        problems.AddRange(methods.SelectMany(static method => MethodProblems.Find(method.Method, isServed: false).Select(problem => $"{method.Method.Name} {problem}")));
        foreach (IGrouping<string, ContractMethod> clash in methods.GroupBy(static m => m.WireName ?? WireNames.OfMember(m.Method.Name), StringComparer.Ordinal).Where(static g => g.Count() > 1))
        {
            problems.Add($"{MethodProblems.Describe([.. clash.Select(static m => m.Method)])} would both be called {clash.Key}; give one of them a name with [Entrypoint(\"...\")]");
        }

        return problems.Count == 0 ? methods : throw TypedServices.Refused(type, problems);
    }
}
