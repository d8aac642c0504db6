using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using Gaw.Serialization.Types;
using Gaw.Services;
using Gaw.Shared;

namespace Gaw.Proxies.Typed;

/// <summary>
/// Emits the class behind an interface at run time: the same code as the one that is written at compile time. A field for each method holds its
/// <see cref="ProxyMethod{TResult, TArguments}"/>, which the constructor asks for.
/// </summary>
[RequiresDynamicCode("Emits a class.")]
internal static class ProxyEmitter
{
    private static readonly ConditionalWeakTable<Type, Func<ProxyBinding, object>> Factories = [];
    private static readonly MethodInfo BindMethod = typeof(ProxyBinding).GetMethod(nameof(ProxyBinding.Method))!;

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
            return Factories.GetValue(contract, _ => binding => Activator.CreateInstance(proxy, BindingFlags.DoNotWrapExceptions | BindingFlags.CreateInstance | BindingFlags.Public | BindingFlags.Instance, null, [binding], null)!);
        }
        catch (TypeLoadException e)
        {
            throw new ArgumentException($"{TypeNames.Friendly(contract)} cannot be implemented at run time. Make it and the types in its signatures public, or mark it with [Service], so that it is done at compile time.", e);
        }
    }

    private static Type Emit(Type contract, IReadOnlyList<ContractMethod> methods)
    {
        AssemblyBuilder assembly = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("Gaw.Proxies.Emitted"), contract.IsCollectible ? AssemblyBuilderAccess.RunAndCollect : AssemblyBuilderAccess.Run);
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
            EmitBinding(constructor, method, sent, bound);
            EmitCall(type, method, bound, arguments);
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

    /// <summary><c>_plus = binding.Method&lt;int, Arguments&lt;…&gt;&gt;("Plus", null, false, "a", "b");</c></summary>
    private static void EmitBinding(ILGenerator il, ContractMethod method, ParameterInfo[] sent, FieldBuilder bound)
    {
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldstr, method.Method.Name);
        if (method.WireName is null)
        {
            il.Emit(OpCodes.Ldnull);
        }
        else
        {
            il.Emit(OpCodes.Ldstr, method.WireName);
        }

        il.Emit(method.IsIdempotent ? OpCodes.Ldc_I4_1 : OpCodes.Ldc_I4_0);
        il.Emit(OpCodes.Ldc_I4, sent.Length);
        il.Emit(OpCodes.Newarr, typeof(string));
        for (int i = 0; i < sent.Length; i++)
        {
            il.Emit(OpCodes.Dup);
            il.Emit(OpCodes.Ldc_I4, i);
            il.Emit(OpCodes.Ldstr, sent[i].Name ?? $"args[{i}]");
            il.Emit(OpCodes.Stelem_Ref);
        }

        il.Emit(OpCodes.Call, BindMethod.MakeGenericMethod(bound.FieldType.GetGenericArguments()));
        il.Emit(OpCodes.Stfld, bound);
    }

    /// <summary><c>int IMath.Plus(int a, int b) => _plus.Call(new(a, new(b, default)), null, default);</c></summary>
    private static void EmitCall(TypeBuilder type, ContractMethod contract, FieldBuilder bound, Type[] arguments)
    {
        MethodInfo method = contract.Method;
        MethodBuilder made = type.DefineMethod(
            $"{method.DeclaringType!.Name}.{method.Name}",
            MethodAttributes.Private | MethodAttributes.Virtual | MethodAttributes.Final | MethodAttributes.HideBySig | MethodAttributes.NewSlot,
            method.ReturnType,
            [.. contract.Parameters.Select(static p => p.ParameterType)]);
        ILGenerator il = made.GetILGenerator();
        LocalBuilder all = il.DeclareLocal(arguments[0]);
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldfld, bound);
        int next = 0;
        int token = -1;
        int options = -1;
        int progress = -1;
        for (int i = 0; i < contract.Parameters.Length; i++)
        {
            Type parameter = contract.Parameters[i].ParameterType;
            if (parameter == typeof(CancellationToken))
            {
                token = i + 1;
            }
            else if (parameter == typeof(CallOptions))
            {
                options = i + 1;
            }
            else if (ProgressParameter.GetReported(parameter) is not null)
            {
                progress = i + 1;
            }
            else if (!Entrypoint.IsSupplied(parameter))
            {
                il.Emit(OpCodes.Ldarg, (short)(i + 1));
                next++;
            }
        }

        if (next == 0 || arguments[next - 1].GetGenericTypeDefinition() == typeof(Arguments<,>))
        {
            EmitDefault(il, typeof(NoArguments));
        }

        foreach (Type each in arguments[..next].Reverse())
        {
            il.Emit(OpCodes.Newobj, each.GetConstructors().Single());
        }

        il.Emit(OpCodes.Stloc, all);
        il.Emit(OpCodes.Ldloca, all);
        if (progress >= 0)
        {
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Ldfld, bound);
            il.Emit(OpCodes.Ldarg, (short)progress);
        }

        if (options >= 0)
        {
            il.Emit(OpCodes.Ldarg, (short)options);
        }
        else
        {
            il.Emit(OpCodes.Ldnull);
        }

        if (progress >= 0)
        {
            Type reported = ProgressParameter.GetReported(contract.Parameters[progress - 1].ParameterType)!;
            il.Emit(OpCodes.Call, bound.FieldType.GetMethod(nameof(ProxyMethod<,>.WithProgress))!.MakeGenericMethod(reported));
        }

        if (token >= 0)
        {
            il.Emit(OpCodes.Ldarg, (short)token);
        }
        else
        {
            EmitDefault(il, typeof(CancellationToken));
        }

        il.Emit(OpCodes.Call, bound.FieldType.GetMethod(contract.Returned.Kind switch
        {
            ReturnKind.Value => nameof(ProxyMethod<,>.Call),
            ReturnKind.Stream => nameof(ProxyMethod<,>.Stream),
            _ => nameof(ProxyMethod<,>.CallAsync),
        })!);
        if (contract.Returned.Kind is ReturnKind.Task or ReturnKind.TaskOf or ReturnKind.ValueTask)
        {
            // The address of a struct is wanted to call a method of it.
            Type running = typeof(ValueTask<>).MakeGenericType(contract.Result);
            LocalBuilder task = il.DeclareLocal(running);
            il.Emit(OpCodes.Stloc, task);
            il.Emit(OpCodes.Ldloca, task);
            il.Emit(OpCodes.Call, running.GetMethod(nameof(ValueTask<>.AsTask))!);
            if (contract.Returned.Kind is ReturnKind.ValueTask)
            {
                il.Emit(OpCodes.Newobj, typeof(ValueTask).GetConstructor([typeof(Task)])!);
            }
        }
        else if (method.ReturnType == typeof(void))
        {
            il.Emit(OpCodes.Pop);
        }

        il.Emit(OpCodes.Ret);
        type.DefineMethodOverride(made, method);
    }

    private static void EmitDefault(ILGenerator il, Type type)
    {
        LocalBuilder nothing = il.DeclareLocal(type);
        il.Emit(OpCodes.Ldloca, nothing);
        il.Emit(OpCodes.Initobj, type);
        il.Emit(OpCodes.Ldloc, nothing);
    }
}
