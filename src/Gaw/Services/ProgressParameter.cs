using System.Reflection;
using Gaw.Serialization;
using Gaw.Shared;

namespace Gaw.Services;

/// <summary>Finds the parameter of a method that takes its progress.</summary>
internal static class ProgressParameter
{
    /// <summary>What is reported to such a parameter; <see langword="null"/>: it is none.</summary>
    public static Type? GetReported(Type parameter) =>
        parameter.IsGenericType && parameter.GetGenericTypeDefinition() == typeof(IProgress<>) ? parameter.GetGenericArguments()[0] : null;

    /// <summary>Makes the progress of each call of a method; <see langword="null"/>: it has no such parameter.</summary>
    public static Func<ReportSink?, ReportSource>? CreateFactory(MethodInfo method, ValueSerializer serializer)
    {
        if (method.GetParameters().Select(static parameter => GetReported(parameter.ParameterType)).FirstOrDefault(static type => type is not null) is not { } reported)
        {
            return null;
        }

        serializer.Learn(reported);
        return GeneratedSlots.Find(reported) is { } compiled
            ? compiled.Progress(serializer)
            : (Func<ReportSink?, ReportSource>)typeof(ProgressParameter).GetMethod(nameof(Create), BindingFlags.Static | BindingFlags.NonPublic)!
                .MakeGenericMethod(reported).Invoke(null, BindingFlags.DoNotWrapExceptions, null, [serializer], null)!;
    }

    internal static Func<ReportSink?, ReportSource> Create<T>(ValueSerializer serializer)
    {
        ValueConverter<T> converter = serializer.Get<T>();
        return sink => new MethodProgress<T>(converter, sink);
    }
}
