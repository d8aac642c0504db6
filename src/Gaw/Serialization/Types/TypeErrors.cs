namespace Gaw.Serialization.Types;

/// <summary>The message for a type whose values cannot cross.</summary>
internal static class TypeErrors
{
    /// <param name="type">The type.</param>
    /// <param name="reason">Goes on after "cannot cross: ", without the full stop.</param>
    public static GawSerializationException Unsupported(Type type, string reason) => new($"{TypeNames.Friendly(type)} cannot cross: {reason}.");
}
