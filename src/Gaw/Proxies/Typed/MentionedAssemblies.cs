using System.Reflection;
using Gaw.Proxies.Typed.Emitting;

namespace Gaw.Proxies.Typed;

/// <summary>The assemblies whose internal types an emitted class may use: those that its interface mentions.</summary>
internal static class MentionedAssemblies
{
    public static HashSet<string> Of(Type contract, IEnumerable<ContractMethod> methods)
    {
        HashSet<string> names = [typeof(ProxyEmitter).Assembly.GetName().Name!];
        Visit(contract);
        foreach (ContractMethod method in methods)
        {
            Visit(method.Method.DeclaringType!);
            Visit(method.Method.ReturnType);
            foreach (ParameterInfo parameter in method.Parameters)
            {
                Visit(parameter.ParameterType);
            }
        }

        return names;

        void Visit(Type type)
        {
            names.Add(type.Assembly.GetName().Name!);
            foreach (Type inner in type.HasElementType ? [type.GetElementType()!] : type.GetGenericArguments())
            {
                Visit(inner);
            }
        }
    }
}
