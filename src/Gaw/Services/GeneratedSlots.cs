using System.Collections.Concurrent;
using System.Reflection;
using Gaw.Serialization;
using Gaw.Shared;

namespace Gaw.Services;

/// <summary>
/// The generic code behind an entrypoint for types that were written at compile time, for programs that cannot make it while they run. Elsewhere
/// it is found by reflection.
/// </summary>
internal static class GeneratedSlots
{
    private static readonly ConcurrentDictionary<Type, Parts> Known = new();

    static GeneratedSlots()
    {
        Add<object>();
        Add<string>();
        Add<bool>();
        Add<int>();
        Add<long>();
        Add<double>();
    }

    /// <summary>Enters a type of a parameter or a result.</summary>
    public static void Add<T>() => Known.TryAdd(
        typeof(T),
        new Parts(
            Parameter.CreateSlots<T>,
            Parameter.CreateParamsSlots<T>,
            Parameter.CreateStreamSlots<T>,
            MethodInvoker.CreateSync<T>,
            MethodInvoker.CreateTask<T>,
            MethodInvoker.CreateValueTask<T>,
            MethodInvoker.CreateStream<T>,
            ProgressParameter.Create<T>));

    /// <summary>The code for a type; <see langword="null"/> where it has to be found by reflection.</summary>
    public static Parts? Find(Type type) => Known.GetValueOrDefault(type);

    /// <summary>The generic code for one type.</summary>
    internal sealed record Parts(
        Func<ValueSerializer, ParameterInfo, Func<ParameterSlot>> Slots,
        Func<ValueSerializer, Func<ParameterSlot>> ParamsSlots,
        Func<ValueSerializer, string, Func<ParameterSlot>> StreamSlots,
        Func<MethodInfo, ValueSerializer, MethodInvoker> Sync,
        Func<MethodInfo, ValueSerializer, MethodInvoker> Task,
        Func<MethodInfo, ValueSerializer, MethodInvoker> ValueTask,
        Func<MethodInfo, ValueSerializer, MethodInvoker> Stream,
        Func<ValueSerializer, Func<ReportSink?, ReportSource>> Progress);
}
