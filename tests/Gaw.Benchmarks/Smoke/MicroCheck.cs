using System.Reflection;
using BenchmarkDotNet.Attributes;

namespace Gaw.Benchmarks.Smoke;

/// <summary>Runs every micro-benchmark once, with every value of its parameters: they throw when something is not as they suppose.</summary>
internal static class MicroCheck
{
    /// <returns>How many benchmarks ran.</returns>
    public static async Task<int> RunAsync()
    {
        int ran = 0;
        foreach (Type type in typeof(MicroCheck).Assembly.GetTypes().Where(static type => Marked<BenchmarkAttribute>(type).Any()).SelectMany(Close))
        {
            foreach (object instance in Instances(type))
            {
                Marked<GlobalSetupAttribute>(type).SingleOrDefault()?.Invoke(instance, null);
                foreach (MethodInfo benchmark in Marked<BenchmarkAttribute>(type))
                {
                    if (benchmark.Invoke(instance, null) is ValueTask task)
                    {
                        await task;
                    }

                    ran++;
                }

                Marked<GlobalCleanupAttribute>(type).SingleOrDefault()?.Invoke(instance, null);
            }
        }

        return ran;
    }

    private static IEnumerable<MethodInfo> Marked<TAttribute>(Type type)
        where TAttribute : Attribute => type.GetMethods().Where(static method => method.IsDefined(typeof(TAttribute)));

    private static IEnumerable<Type> Close(Type type) => type.IsGenericTypeDefinition
        ? type.GetCustomAttributes<GenericTypeArgumentsAttribute>().Select(arguments => type.MakeGenericType(arguments.GenericTypeArguments))
        : [type];

    /// <summary>An instance for each combination of the parameters' values.</summary>
    private static IEnumerable<object> Instances(Type type)
    {
        IEnumerable<Action<object>> settings = [static _ => { }];
        foreach (PropertyInfo property in type.GetProperties())
        {
            if (property.GetCustomAttribute<ParamsAttribute>() is { } parameters)
            {
                settings = settings.SelectMany(set => parameters.Values.Select(value => set + (instance => property.SetValue(instance, value)))).ToArray();
            }
        }

        foreach (Action<object> set in settings)
        {
            object instance = Activator.CreateInstance(type)!;
            set(instance);
            yield return instance;
        }
    }
}
