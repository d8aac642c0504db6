using System.Text.Json.Serialization;

namespace Gaw.Tests.Serialization.Catalogue;

/// <summary>Base classes, overridden and hidden members, interfaces and abstract classes as members.</summary>
internal static class InheritanceShapes
{
    public static IReadOnlyList<Shape> All { get; } =
    [
        Shape.Equal(() => new Derived { A = 1, B = 2 }),
        Shape.Equal(() => new Third { A = 1, B = 2, C = 3 }),
        Shape.Equal(() => new Overriding { Name = "n" }).Sparse(),
        Shape.Equal(() => new OverridesGetter { Name = "n" }),
        Shape.Equal(() => new OverridesSetter { Name = "n" }),
        Shape.Equal(() => new OverridesAbstract { Name = "n" }),
        Shape.Refused("\"a\"", () => new Hiding { A = "a" }),
        Shape.Equal(() => new PassesOn(1, "b")),
        Shape.Equal(() => new PassesOnRenamed(1)),
        Shape.Equal(() => new InheritsFields { A = 1, B = 2 }),
        Shape.Equal(() => new InheritsCollection { B = 2, Items = { 1 } }),
        Shape.Equal(() => InheritsIncluded.Make(4, 5)),
        Shape.Equal(() => new Implements { Name = "n", Size = 2 }),
        Shape.Equal(() => new Covariant(new Derived { A = 1, B = 2 })),
        Shape.Equal(() => new GenericChild { Id = 5, Name = "n" }),
        Shape.OneWay("Id", ["id", "name"], () => new PrivateInBase(3) { Name = "n" }),
        Shape.OneWay("Id", ["id", "name"], () => new GetterOnlyInBase { Name = "n" }),
        Shape.Refused("\"a\"", () => new HiddenSetter(1) { B = 2 }),
        Shape.Refused("\"a\"", () => Shadowing.Make(1, "a")),

        Shape.Equal<Shapely>(() => new Circle { Colour = "red", Radius = 2 }),
        Shape.Equal<IShapely>(() => new Square { Colour = "red", Side = 2 }),
        Shape.Equal(() => new Drawing { First = new Circle { Colour = "red", Radius = 2 }, All = { new Square { Colour = "b", Side = 1 } } }),
        Shape.Equal(() => new Shapely[] { new Circle { Colour = "c", Radius = 1 }, new Square { Colour = "d", Side = 2 } }),
        Shape.Equal<Vehicle>(() => new Car { Wheels = 4, Doors = 5 }),
        Shape.Equal<Vehicle>(() => new Vehicle { Wheels = 2 }),
        Shape.Equal(() => new Garage { Best = new Car { Wheels = 4, Doors = 5 } }),
        Shape.Equal(() => new Dictionary<string, Vehicle> { ["a"] = new Car { Wheels = 4, Doors = 3 } }),
        Shape.Refused("Plain", () => new HoldsAbstract { Value = new PlainChild { A = 1, B = 2 } }),
        Shape.Refused("IUnknown", () => new HoldsInterface { Value = new Known { A = 1 } }),
        Shape.Refused("Deriving", () => new DerivingFromMarked { Wheels = 1, Other = 2 }),
        Shape.Refused("ExtraAnimal", () => new Zoo { Best = new ExtraAnimal { Name = "n", Extra = 1 } }),
        Shape.Refused("GawSerializable", () => new Zoo { Best = new Dog { Name = "rex" } }),
    ];

    public class Base { public int A { get; set; } }
    public class Derived : Base { public int B { get; set; } }
    public sealed class Third : Derived { public int C { get; set; } }
    public class Virtual { public virtual string? Name { get; set; } }
    public sealed class Overriding : Virtual { public override string? Name { get; set; } }
    public sealed class OverridesGetter : Virtual { public override string? Name => base.Name + ""; }
    public sealed class OverridesSetter : Virtual { public override string? Name { set => base.Name = value?.Trim(); } }
    public abstract class Abstract { public abstract string? Name { get; set; } }
    public sealed class OverridesAbstract : Abstract { public override string? Name { get; set; } }
    public sealed class Hiding : Base { public new string? A { get; set; } }
    public class Taking(int a) { public int A { get; } = a; }
    public sealed class PassesOn(int a, string b) : Taking(a) { public string B { get; } = b; }
    public sealed class PassesOnRenamed(int a) : Taking(a);
    public class WithFields { public int A; }
    public sealed class InheritsFields : WithFields { public int B; }
    public class WithCollection { public List<int> Items { get; } = []; }
    public sealed class InheritsCollection : WithCollection { public int B { get; set; } }
    public interface INamed { string? Name { get; } }
    public interface ISized : INamed { int Size { get; set; } }
    public sealed class Implements : ISized { public string? Name { get; set; } public int Size { get; set; } }
    public abstract class Producer { public abstract Base Product { get; } }
    public sealed class Covariant(Derived product) : Producer { public override Derived Product { get; } = product; }
    public abstract class Keyed<TKey> { public TKey? Id { get; set; } }
    public sealed class GenericChild : Keyed<long> { public string? Name { get; set; } }

    public class WithIncluded
    {
        [JsonInclude]
        public int A { get; protected set; }

        [JsonInclude]
        private int _hidden;

        public int Hidden { get => _hidden + 1; }
        protected void Hide(int value) => _hidden = value;
    }

    public sealed class InheritsIncluded : WithIncluded
    {
        public static InheritsIncluded Make(int a, int hidden)
        {
            InheritsIncluded made = new InheritsIncluded { A = a };
            made.Hide(hidden);
            return made;
        }
    }

    public class WithPrivateSetter
    {
        public WithPrivateSetter() => Id = 1;
        public WithPrivateSetter(int seed) => Id = seed;
        public int Id { get; private set; }
    }

    public sealed class PrivateInBase : WithPrivateSetter
    {
        public PrivateInBase()
        {
        }

        public PrivateInBase(int seed)
            : base(seed)
        {
        }

        public string? Name { get; set; }
    }

    public class WithGetter { public Guid Id { get; } = Guid.NewGuid(); }
    public sealed class GetterOnlyInBase : WithGetter { public string? Name { get; set; } }
    public sealed class HiddenSetter : Base { public HiddenSetter() { } public HiddenSetter(int seed) => A = seed; public new int A { get; } = 5; public int B { get; set; } }

    /// <summary>The member that it hides cannot be seen from outside any more.</summary>
    public sealed class Shadowing : Base
    {
        public new string? A { get; set; }
        public static Shadowing Make(int hidden, string shown) => new Shadowing { A = shown }.Keep(hidden);

        private Shadowing Keep(int hidden)
        {
            base.A = hidden;
            return this;
        }
    }

    public interface IShapely { string? Colour { get; } }
    public abstract class Shapely : IShapely { public string? Colour { get; set; } }

    [GawSerializable("CatalogueCircle")]
    public sealed class Circle : Shapely { public double Radius { get; set; } }

    [GawSerializable("CatalogueSquare")]
    public sealed class Square : Shapely { public double Side { get; set; } }
    public sealed class Drawing { public Shapely? First { get; set; } public List<IShapely> All { get; } = []; }

    [GawSerializable("CatalogueVehicle")]
    public class Vehicle { public int Wheels { get; set; } }

    [GawSerializable("CatalogueCar")]
    public sealed class Car : Vehicle { public int Doors { get; set; } }
    public sealed class Garage { public Vehicle? Best { get; set; } }
    public abstract class Plain { public int A { get; set; } }
    public sealed class PlainChild : Plain { public int B { get; set; } }
    public sealed class HoldsAbstract { public Plain? Value { get; set; } }
    public interface IUnknown { int A { get; } }
    public sealed class Known : IUnknown { public int A { get; set; } }
    public sealed class HoldsInterface { public IUnknown? Value { get; set; } }
    public sealed class DerivingFromMarked : Vehicle { public int Other { get; set; } }
    public class Animal { public string? Name { get; set; } }
    public sealed class Dog : Animal;
    public sealed class ExtraAnimal : Animal { public int Extra { get; set; } }
    public sealed class Zoo { public Animal? Best { get; set; } }
}
