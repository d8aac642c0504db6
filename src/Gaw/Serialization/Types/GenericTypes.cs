namespace Gaw.Serialization.Types;

/// <summary>Questions about generic types.</summary>
internal static class GenericTypes
{
    /// <summary>Whether a type is, or implements, a generic interface.</summary>
    public static bool Implements(Type type, Type genericInterface) => Arguments(type, genericInterface) is not null;

    /// <summary>All forms in which a type implements a generic interface.</summary>
    public static IEnumerable<Type> FormsOf(Type type, Type genericInterface) =>
        type.GetInterfaces().Where(each => each.IsGenericType && each.GetGenericTypeDefinition() == genericInterface);

    /// <summary>The type arguments with which a type is, or implements, a generic interface; <see langword="null"/> when it does not.</summary>
    public static Type[]? Arguments(Type type, Type genericInterface) =>
        (type.IsGenericType && type.GetGenericTypeDefinition() == genericInterface ? type : FormsOf(type, genericInterface).FirstOrDefault())?.GetGenericArguments();
}
