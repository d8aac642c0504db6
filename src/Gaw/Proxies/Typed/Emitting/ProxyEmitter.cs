using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using Gaw.Serialization.Types;
using Gaw.Services;
using Gaw.Shared;

namespace Gaw.Proxies.Typed.Emitting;

/// <summary>
/// Emits the class behind an interface at run time: the same code as the one that is written at compile time. A field for each method holds its
/// <see cref="ProxyMethod{TResult, TArguments}"/>, which the constructor asks for.
/// </summary>
[RequiresDynamicCode("Emits a class.")]
internal static class ProxyEmitter
{
    private const BindingFlags Constructing = BindingFlags.DoNotWrapExceptions | BindingFlags.CreateInstance | BindingFlags.Public | BindingFlags.Instance;

    private static readonly ConditionalWeakTable<Type, Func<ProxyBinding, object>> Factories = [];

    /// <summary>Makes instances of the proxy, whose class is emitted once for the process.</summary>
    /// <exception cref="ArgumentException">The type is no interface, or has members that cannot be called; says all that is wrong.</exception>
    public static Func<ProxyBinding, object> GetFactory([DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] Type contract)
    {
        if (Factories.TryGetValue(contract, out Func<ProxyBinding, object>? known))
        {
            return known;
        }

        IReadOnlyList<ContractMethod> methods = ServiceContract.Describe(contract);
        try
        {
            Type proxy = Emit(contract, methods);
            return Factories.GetValue(contract, _ => binding => Activator.CreateInstance(proxy, Constructing, null, [binding], null)!);
        }
        catch (TypeLoadException e)
        {
            throw new ArgumentException($"{TypeNames.Friendly(contract)} cannot be implemented at run time. Make it and the types in its signatures public, or mark it with [Service], so that it is done at compile time.", e);
        }
    }

    private static Type Emit(Type contract, IReadOnlyList<ContractMethod> methods)
    {
        AssemblyBuilderAccess access = contract.IsCollectible ? AssemblyBuilderAccess.RunAndCollect : AssemblyBuilderAccess.Run;
        AssemblyBuilder assembly = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("Gaw.Proxies.Emitted"), access);
        ConstructorInfo ignoresAccessChecks = typeof(IgnoresAccessChecksToAttribute).GetConstructor([typeof(string)])!;
        foreach (string mentioned in MentionedAssemblies.Of(contract, methods))
        {
            assembly.SetCustomAttribute(new CustomAttributeBuilder(ignoresAccessChecks, [mentioned]));
        }

        TypeBuilder type = assembly.DefineDynamicModule("Gaw.Proxies.Emitted").DefineType(
            $"{contract.Name}Proxy", TypeAttributes.Sealed | TypeAttributes.NotPublic, typeof(object), [contract]);
        ILGenerator constructor = type.DefineConstructor(MethodAttributes.Public, CallingConventions.HasThis, [typeof(ProxyBinding)]).GetILGenerator();
        constructor.Emit(OpCodes.Ldarg_0);
        constructor.Emit(OpCodes.Call, typeof(object).GetConstructor([])!);
        foreach (ContractMethod method in methods)
        {
            ParameterInfo[] sent = [.. method.Parameters.Where(static p => !Entrypoint.IsSupplied(p.ParameterType))];
            Type[] arguments = ArgumentTypes(sent);
            FieldBuilder bound = type.DefineField($"_{method.Method.Name}", typeof(ProxyMethod<,>).MakeGenericType(method.Result, arguments[0]), FieldAttributes.Private | FieldAttributes.InitOnly);
            BindingEmitter.Emit(constructor, method, sent, bound);
            MethodEmitter.Emit(type, method, bound, arguments);
        }

        constructor.Emit(OpCodes.Ret);
        return type.CreateType();
    }

    /// <summary>The types of the arguments' structs, each from one argument on: the first is that of all arguments, the last that of none.</summary>
    private static Type[] ArgumentTypes(ParameterInfo[] sent)
    {
        Type[] types = new Type[sent.Length + 1];
        types[sent.Length] = typeof(NoArguments);
        for (int i = sent.Length - 1; i >= 0; i--)
        {
            types[i] = Signatures.IsParams(sent[i])
                ? typeof(ParamsArguments<>).MakeGenericType(sent[i].ParameterType.GetElementType()!)
                : typeof(Arguments<,>).MakeGenericType(sent[i].ParameterType, types[i + 1]);
        }

        return types;
    }
}
