namespace Gaw.Serialization.Types;

/// <summary>Questions about generic types.</summary>
internal static class GenericTypes
{
    /// <summary>The type arguments with which a type is, or implements, a generic interface; <see langword="null"/> when it does not.</summary>
    public static Type[]? Arguments(Type type, Type genericInterface) =>
        type.GetInterfaces().Prepend(type).FirstOrDefault(each => each.IsGenericType && each.GetGenericTypeDefinition() == genericInterface)?.GetGenericArguments();
}
