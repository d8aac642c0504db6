using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;

namespace Gaw.Tests.Serialization.Catalogue;

/// <summary>Classes whose members can all be given back.</summary>
internal static class ClassShapes
{
    public static IReadOnlyList<Shape> All { get; } =
    [
        Shape.Equal(() => new Empty()),
        Shape.Equal(() => new Settable { Flag = true, Count = 1, Name = "n", Ratio = 0.5, Id = new Guid(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11) }),
        Shape.Equal(() => new Initialised { A = 1, B = "b" }),
        Shape.Equal(() => new Demanding { A = 1, B = "b" }),
        Shape.Equal(() => new Fields { A = 1, B = [2, 3] }),
        Shape.Equal(() => new ReadOnlyFields(1, "b")),
        Shape.Equal(() => new Primary(1, "b")),
        Shape.Equal(() => new Mixed(1) { B = "b", C = 2.5 }),
        Shape.Equal(() => new WithDefaults(1, "other", 9)),
        Shape.Equal(() => new TwoConstructors(1, "b")),
        Shape.Equal(() => new ShortConstructor(1) { B = "b" }),
        Shape.Equal(() => new Chosen("b", 1)),
        Shape.Equal(() => new PrivatelyChosen(1)),
        Shape.Equal(() => new Satisfied("a")),
        Shape.Equal(() => new Computing { First = "Ann", Last = "Lee" }),
        Shape.Equal(() => new Statics { A = Statics.Most }),
        Shape.Equal(() => new Indexed { A = 1 }),
        Shape.Equal(() => new Notifying { A = 1 }),
        Shape.Equal(() => new Trimmed { Name = "  ann " }),
        Shape.Equal(() => new Disposable { A = 1 }),
        Shape.Equal(() => new Tree { Name = "root", Children = [new Tree { Name = "leaf" }] }).Sparse(),
        Shape.Equal(() => new Node { Value = 1, Next = new Node { Value = 2 } }).Sparse(),
        Shape.Equal(() => new Nullables { A = 1, B = true, C = 'c', D = DateTime.UnixEpoch, E = new Pair { X = 1, Y = 2 } }),
        Shape.Equal(() => new Nullables()).Sparse(),
        Shape.Equal(() => new OddNames { URL = "u", x = 1, _y = 2, @class = "c", HTTPStatus2Code = 200, Größe = 3, A1B2 = 4 }),
        Shape.Equal(() => new Taking(["a", "b"])),
        Shape.Equal(() => new NullableParameter(5)),
        Shape.Equal(() => new Copyable(new Copyable("a"))),
        Shape.Equal(() => new EqualsByName { Name = "a", Other = 1 }),
        Shape.Equal(() => new Nesting { Inner = new Nesting.Deep { A = 1, Deeper = new Nesting.Deep.Deepest { B = 2 } } }),
        Shape.Equal(() => new Wide { A = 1, B = 2, C = 3, D = 4, E = 5, F = 6, G = 7, H = 8, I = 9, J = 10, K = 11, L = 12 }),
        Shape.Equal(() => new Guarded { A = 3 }),
        Shape.Equal(() => new Explicit { A = 1 }),
        Shape.Equal(() => new Volatile { A = 1 }),
        Shape.Equal<Settable?>(() => null).Sparse(),
    ];

    public sealed class Empty;

    public sealed class Settable
    {
        public bool Flag { get; set; }
        public int Count { get; set; }
        public string? Name { get; set; }
        public double Ratio { get; set; }
        public Guid Id { get; set; }
    }
    public sealed class Initialised { public int A { get; init; } = 5; public string B { get; init; } = ""; }
    public sealed class Demanding { public required int A { get; init; } public required string B { get; set; } }
    public sealed class Fields { public int A; public List<int>? B; }
    public sealed class ReadOnlyFields(int a, string b) { public readonly int A = a; public readonly string B = b; }
    public sealed class Primary(int a, string b) { public int A { get; } = a; public string B { get; } = b; }
    public sealed class Mixed(int a) { public int A { get; } = a; public string? B { get; set; } public double C; }

    public sealed class WithDefaults(int a, string b = "b", int? c = 3)
    {
        public int A { get; } = a;
        public string B { get; } = b;
        public int? C { get; } = c;
    }

    public sealed class TwoConstructors
    {
        public TwoConstructors(int a) => A = a;
        public TwoConstructors(int a, string b) => (A, B) = (a, b);
        public int A { get; }
        public string? B { get; }
    }

    public sealed class ShortConstructor
    {
        public ShortConstructor()
        {
        }

        public ShortConstructor(int a) => A = a;
        public int A { get; }
        public string? B { get; set; }
    }

    public sealed class Chosen
    {
        public Chosen(int a) => A = a;

        [JsonConstructor]
        public Chosen(string b, int a) => (A, B) = (a, b);
        public int A { get; }
        public string? B { get; }
    }

    public sealed class PrivatelyChosen
    {
        public PrivatelyChosen(long seed) => A = (int)seed;

        [JsonConstructor]
        private PrivatelyChosen(int a) => A = a;
        public int A { get; }
    }
    public sealed class Satisfied { [SetsRequiredMembers] public Satisfied(string a) => A = a; public required string A { get; init; } }

    public sealed class Computing
    {
        public string? First { get; set; }
        public string? Last { get; set; }
        public string Full => $"{First} {Last}";
        public int Length => Full.Length;
    }
    public sealed class Statics { public const int Most = 7; public static int Shared { get; set; } = 1; public int A { get; set; } }
    public sealed class Indexed { public int A { get; set; } public int this[int index] => A + index; }

    public sealed class Notifying : INotifyPropertyChanged
    {
        private int _a;
        public event PropertyChangedEventHandler? PropertyChanged;
        public int A { get => _a; set => Set(ref _a, value); }

        private void Set(ref int field, int value, [CallerMemberName] string name = "")
        {
            field = value;
            PropertyChanged?.Invoke(this, new PropertyChangedEventArgs(name));
        }
    }
    public sealed class Trimmed { public string Name { get; set => field = value.Trim(); } = ""; }
    public sealed class Disposable : IDisposable { public int A { get; set; } public void Dispose() => A = 0; }
    public sealed class Tree { public string? Name { get; set; } public List<Tree> Children { get; set; } = []; }
    public sealed class Node { public int Value { get; set; } public Node? Next { get; set; } }
    public struct Pair { public int X { get; set; } public int Y { get; set; } }

    public sealed class Nullables
    {
        public int? A { get; set; }
        public bool? B { get; set; }
        public char? C { get; set; }
        public DateTime? D { get; set; }
        public Pair? E { get; set; }
    }

    public sealed class OddNames
    {
        public string? URL { get; set; }
        public int x { get; set; }
        public int _y { get; set; }
        public string? @class { get; set; }
        public int HTTPStatus2Code { get; set; }
        public int Größe { get; set; }
        public int A1B2 { get; set; }
    }
    public sealed class Taking(IEnumerable<string> names) { public List<string> Names { get; } = [.. names]; }
    public sealed class NullableParameter(int? a) { public int A { get; } = a ?? 1; }
    public sealed class Copyable { public Copyable(string a) => A = a; public Copyable(Copyable other) => A = other.A; public string A { get; } }

    public sealed class EqualsByName
    {
        public string? Name { get; set; }
        public int Other { get; set; }
        public override bool Equals(object? obj) => obj is EqualsByName other && other.Name == Name;
        public override int GetHashCode() => Name?.GetHashCode(StringComparison.Ordinal) ?? 0;
    }

    public sealed class Nesting
    {
        public Deep? Inner { get; set; }

        public sealed class Deep
        {
            public int A { get; set; }
            public Deepest? Deeper { get; set; }

            public sealed class Deepest
            {
                public int B { get; set; }
            }
        }
    }
    public sealed class Wide { public int A, B, C, D, E, F, G, H, I, J, K, L; }

    public sealed class Guarded
    {
        public int A { get; set => field = value is > 0 and < 10 ? value : throw new ArgumentOutOfRangeException(nameof(value)); } = 1;
    }
    public interface INamed { string Name { get; } }
    public sealed class Explicit : INamed { public int A { get; set; } string INamed.Name => $"{A}"; }
    public sealed class Volatile { public volatile int A; }
}
