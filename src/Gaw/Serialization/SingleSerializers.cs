using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Gaw.Serialization;

/// <summary>The serializers of <see cref="GawSerializer"/>: one for each type asked for and each list of types, so that unrelated types of one name do not meet.</summary>
internal static class SingleSerializers
{
    private static readonly ConditionalWeakTable<GawTypes, ConcurrentDictionary<Type, ValueSerializer>> WithTypes = [];

    /// <exception cref="GawSerializationException">The type cannot cross.</exception>
    public static ValueSerializer For<T>(GawTypes? types) =>
        types is null ? WithoutTypes<T>.Serializer ?? Learned(typeof(T), null) : WithTypes.GetOrCreateValue(types).GetOrAdd(typeof(T), static (type, types) => Learned(type, types), types);

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
