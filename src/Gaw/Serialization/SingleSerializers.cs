using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Gaw.Json;
using Gaw.Serialization.Types;

namespace Gaw.Serialization;

/// <summary>The serializers of <see cref="GawSerializer"/>: one for each type asked for and each list of types, so that unrelated types of one name do not meet.</summary>
internal static class SingleSerializers
{
    private static readonly ConditionalWeakTable<GawTypes, ConcurrentDictionary<Type, ValueSerializer>> WithTypes = [];

    /// <exception cref="GawSerializationException">The type cannot cross.</exception>
    public static ValueSerializer For<T>(GawTypes? types) =>
        types is null ? WithoutTypes<T>.Serializer ?? Learned(typeof(T), null) : WithTypes.GetOrCreateValue(types).GetOrAdd(typeof(T), static (type, types) => Learned(type, types), types);

    /// <summary>Writes a value into a writer of its own.</summary>
    /// <exception cref="GawSerializationException">It cannot be written, or its own code has thrown.</exception>
    public static JsonWriter Write<T>(T value, GawTypes? types)
    {
        JsonWriter writer = new JsonWriter();
        try
        {
            For<T>(types).Get<T>().Write(writer, value);
            return writer;
        }
        catch (Exception e)
        {
            writer.Dispose();
            if (ReadErrors.IsOfTheType(e))
            {
                throw new GawSerializationException($"{TypeNames.Friendly(typeof(T))} cannot be written: {e.GetType().Name}: {e.Message}", e);
            }

            throw;
        }
    }

    private static ValueSerializer Learned(Type type, GawTypes? types)
    {
        ValueSerializer serializer = new ValueSerializer(types);
        try
        {
            serializer.Learn(type);
            return serializer;
        }
        catch (ArgumentException e)
        {
            throw new GawSerializationException(e.Message, e);
        }
    }

    private static class WithoutTypes<T>
    {
        /// <summary><see langword="null"/> where the type cannot cross; who asks again learns why.</summary>
        public static readonly ValueSerializer? Serializer = TryLearn();

        private static ValueSerializer? TryLearn()
        {
            try
            {
                return Learned(typeof(T), null);
            }
            catch (GawSerializationException)
            {
                return null;
            }
        }
    }
}
