using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Reflection.Emit;

namespace Gaw.Proxies.Typed.Emitting;

/// <summary>Emits how the constructor of an emitted class binds one method.</summary>
[RequiresDynamicCode("Emits a class.")]
internal static class BindingEmitter
{
    private static readonly MethodInfo BindMethod = typeof(ProxyBinding).GetMethod(nameof(ProxyBinding.Method))!;

    /// <summary><c>_plus = binding.Method&lt;int, Arguments&lt;…&gt;&gt;("Plus", null, false, "a", "b");</c></summary>
    public static void Emit(ILGenerator il, ContractMethod method, ParameterInfo[] sent, FieldBuilder bound)
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
}
