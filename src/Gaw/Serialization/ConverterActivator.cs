using System.Reflection;

namespace Gaw.Serialization;

/// <summary>Makes generic converters of types that are known at run time only: from the code of the generator, or by reflection.</summary>
internal static class ConverterActivator
{
    private const BindingFlags Constructing = BindingFlags.DoNotWrapExceptions | BindingFlags.CreateInstance | BindingFlags.Public | BindingFlags.Instance;

    /// <summary>Makes an object of a generic type.</summary>
    public static T Create<T>(Type generic, Type[] arguments, params object?[] parameters) =>
        GeneratedConverters.TryCreate(generic, arguments[0], parameters, out object? compiled) ? (T)compiled
            : (T)Activator.CreateInstance(generic.MakeGenericType(arguments), Constructing, null, parameters, null)!;

    /// <summary>Calls a generic method that makes a converter.</summary>
    public static ValueConverter Call(Type owner, string method, Type[] arguments, object?[] parameters) =>
        GeneratedConverters.TryCreate(owner, arguments[0], parameters, out object? compiled) ? (ValueConverter)compiled
            : (ValueConverter)(owner.GetMethod(method) ?? throw new MissingMethodException(owner.Name, method))
                .MakeGenericMethod(arguments).Invoke(null, BindingFlags.DoNotWrapExceptions, null, parameters, null)!;
}
