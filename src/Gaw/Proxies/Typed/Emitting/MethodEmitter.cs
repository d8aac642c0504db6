using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Reflection.Emit;
using Gaw.Services;

namespace Gaw.Proxies.Typed.Emitting;

/// <summary>Emits one method of an emitted class: a call of its <see cref="ProxyMethod{TResult, TArguments}"/>.</summary>
[RequiresDynamicCode("Emits a class.")]
internal static class MethodEmitter
{
    /// <summary><c>int IMath.Plus(int a, int b) => _plus.Call(new(a, new(b, default)), null, default);</c></summary>
    public static void Emit(TypeBuilder type, ContractMethod contract, FieldBuilder bound, Type[] arguments)
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
        SuppliedParameters supplied = SuppliedParameters.Find(contract);
        int next = EmitSent(il, contract);
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
        if (supplied.Progress >= 0)
        {
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Ldfld, bound);
            il.Emit(OpCodes.Ldarg, (short)supplied.Progress);
        }

        if (supplied.Options >= 0)
        {
            il.Emit(OpCodes.Ldarg, (short)supplied.Options);
        }
        else
        {
            il.Emit(OpCodes.Ldnull);
        }

        if (supplied.Progress >= 0)
        {
            Type reported = ProgressParameter.GetReported(contract.Parameters[supplied.Progress - 1].ParameterType)!;
            il.Emit(OpCodes.Call, bound.FieldType.GetMethod(nameof(ProxyMethod<,>.WithProgress))!.MakeGenericMethod(reported));
        }

        if (supplied.Token >= 0)
        {
            il.Emit(OpCodes.Ldarg, (short)supplied.Token);
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
        ReturnEmitter.Emit(il, contract);
        il.Emit(OpCodes.Ret);
        type.DefineMethodOverride(made, method);
    }

    /// <summary>Loads the parameters that go to the server.</summary>
    /// <returns>How many there are.</returns>
    private static int EmitSent(ILGenerator il, ContractMethod contract)
    {
        int sent = 0;
        for (int i = 0; i < contract.Parameters.Length; i++)
        {
            if (!Entrypoint.IsSupplied(contract.Parameters[i].ParameterType))
            {
                il.Emit(OpCodes.Ldarg, (short)(i + 1));
                sent++;
            }
        }

        return sent;
    }

    private static void EmitDefault(ILGenerator il, Type type)
    {
        LocalBuilder nothing = il.DeclareLocal(type);
        il.Emit(OpCodes.Ldloca, nothing);
        il.Emit(OpCodes.Initobj, type);
        il.Emit(OpCodes.Ldloc, nothing);
    }
}
