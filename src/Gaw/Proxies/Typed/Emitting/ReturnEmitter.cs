using System.Diagnostics.CodeAnalysis;
using System.Reflection.Emit;
using Gaw.Services;

namespace Gaw.Proxies.Typed.Emitting;

/// <summary>Emits how the result of a call becomes what the method returns.</summary>
[RequiresDynamicCode("Emits a class.")]
internal static class ReturnEmitter
{
    public static void Emit(ILGenerator il, ContractMethod contract)
    {
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
        else if (contract.Method.ReturnType == typeof(void))
        {
            il.Emit(OpCodes.Pop);
        }
    }
}
