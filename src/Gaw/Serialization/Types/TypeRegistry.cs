using System.Collections.Concurrent;
using Gaw.Serialization.Objects;
using Gaw.Serialization.Shapes;

namespace Gaw.Serialization.Types;

/// <summary>The closed dictionary of wire names of one serializer: what was added, and what was learned from signatures. Thread-safe.</summary>
internal sealed class TypeRegistry
{
    private readonly ConcurrentDictionary<string, Type> _byName = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Type, string> _byType = new();
    private readonly Lock _lock = new();
    private HashSet<Type> _seen = [];

    /// <summary>Raised after the type is entered; pairs with the read in <see cref="Version"/>: who sees the new version finds the type.</summary>
    private volatile int _version;

    /// <summary>Starts with the types that were added.</summary>
    public TypeRegistry(GawTypes? types) => types?.CopyTo(_byName, _byType);

    /// <summary>Changes whenever a type is learned.</summary>
    public int Version => _version;

    /// <summary>Whether no type is known, so that every tag is an unknown one.</summary>
    public bool IsEmpty => _byName.IsEmpty;

    /// <summary>The type that a tag stands for.</summary>
    public Type? Find(string tag) => _byName.GetValueOrDefault(tag);

    /// <summary>The tag under which a type is written; <see langword="null"/> for a type that travels without.</summary>
    public string? NameOf(Type type) => _byType.GetValueOrDefault(type) ?? WireTypeNames.Of(type);

    /// <summary>Whether a known type derives from this one or implements it.</summary>
    public bool HasSubtypes(Type type)
    {
        foreach (Type known in _byType.Keys)
        {
            if (known != type && type.IsAssignableFrom(known))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Enters the marked types that can be reached from a type of a signature.</summary>
    /// <exception cref="ArgumentException">Two types have one name.</exception>
    /// <exception cref="GawSerializationException">The types grow without end.</exception>
    public void Learn(Type signatureType)
    {
        lock (_lock)
        {
            HashSet<Type> visited = new HashSet<Type>(_seen);
            Stack<TypeGrowth> waiting = new Stack<TypeGrowth>([new TypeGrowth(signatureType, null)]);
            while (waiting.TryPop(out TypeGrowth? next))
            {
                Visit(next, visited, waiting);
            }

            _seen = visited;
            _version++;
        }
    }

    private void Visit(TypeGrowth growth, HashSet<Type> visited, Stack<TypeGrowth> waiting)
    {
        Type type = growth.Type;
        if (type.HasElementType)
        {
            waiting.Push(new TypeGrowth(type.GetElementType()!, growth));
            return;
        }

        if (!visited.Add(type))
        {
            return;
        }

        if (growth.IsEndless)
        {
            throw TypeGrowth.Refuse(type);
        }

        if (!type.IsAbstract && !_byType.ContainsKey(type) && WireTypeNames.Of(type) is { } wireName)
        {
            WireTypeNames.Register(type, wireName, _byName, _byType);
        }

        IEnumerable<Type> items = GenericTypes.FormsOf(type, typeof(IEnumerable<>));
        IEnumerable<Type> members = ObjectConverters.IsObjectLike(type) ? ObjectShape.Of(type).Members.Select(static member => member.Type) : [];
        foreach (Type inner in type.GetGenericArguments().Concat(items).Concat(members))
        {
            waiting.Push(new TypeGrowth(inner, growth));
        }
    }
}
