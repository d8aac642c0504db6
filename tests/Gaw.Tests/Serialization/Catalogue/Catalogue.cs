namespace Gaw.Tests.Serialization.Catalogue;

/// <summary>All shapes.</summary>
internal static class Catalogue
{
    public static IReadOnlyList<Shape> All { get; } =
    [
        .. In(nameof(ClassShapes), ClassShapes.All),
        .. In(nameof(StateShapes), StateShapes.All),
        .. In(nameof(StructShapes), StructShapes.All),
        .. In(nameof(RecordShapes), RecordShapes.All),
        .. In(nameof(InheritanceShapes), InheritanceShapes.All),
        .. In(nameof(SequenceShapes), SequenceShapes.All),
        .. In(nameof(DictionaryShapes), DictionaryShapes.All),
        .. In(nameof(ScalarShapes), ScalarShapes.All),
        .. In(nameof(DomainShapes), DomainShapes.All),
        .. In(nameof(AttributeShapes), AttributeShapes.All),
        .. In(nameof(ContractShapes), ContractShapes.All),
    ];

    /// <summary>Those subclasses that no signature names; both sides know them.</summary>
    public static GawTypes Types { get; } = new GawTypes()
        .Add<InheritanceShapes.Circle>().Add<InheritanceShapes.Square>().Add<InheritanceShapes.Car>().Add<DomainShapes.Done<int>>().Add<DomainShapes.Failed<int>>();

    private static IEnumerable<Shape> In(string group, IReadOnlyList<Shape> shapes) => shapes.Select(shape => shape with { Name = $"{group}, {shape.Name}" });
}
