using Gaw.Serialization;
using Gaw.Serialization.Types;

namespace Gaw.Services.Discovery;

/// <summary>Whether values of a type in a signature can travel as the signature wants. A problem is a sentence that begins behind the method's name.</summary>
internal static class SignatureType
{
    /// <summary>Lets the serializer learn a type, and says why its values can go in no direction; <see langword="null"/> when they can go.</summary>
    public static string? FindProblem(Type type, ValueSerializer serializer)
    {
        try
        {
            serializer.Learn(type);
            serializer.Get(type);
            return null;
        }
        catch (Exception e) when (e is GawSerializationException or ArgumentException or NotSupportedException)
        {
            return $"has a type in its signature that cannot cross: {e.Message.TrimEnd('.')}";
        }
    }

    /// <summary>Why values of a type could never be read where they would have to be; <see langword="null"/> when they can.</summary>
    public static string? FindUnreadable(Type type, ValueSerializer serializer) => serializer.WhyNotReadable(type) is { } reason
        ? $"has the type {TypeNames.Friendly(type)} in its signature, which could be sent but never received: {reason.TrimEnd('.')}"
        : null;
}
