using Gaw.Serialization;
using Microsoft.CodeAnalysis;

namespace Gaw.Generators.Tests;

/// <summary>GAW011: which types can be sent but not received, said while compiling; what cannot be told is not spoken of.</summary>
public sealed class OneWayTypeTests
{
    [Theory]
    [InlineData("struct T { private T(int v) => Value = v; public int Value { get; } public static T From(int v) => new(v); }", "nothing gives Value back")]
    [InlineData("readonly struct T(double degrees) { public double Value { get; } = degrees; }", "no public constructor|nothing gives Value back")]
    [InlineData("readonly struct T(double degrees) { public double Value => degrees; }", "nothing gives Value back")]
    [InlineData("struct T { public readonly int Value; }", "nothing gives Value back")]
    [InlineData("struct T { public int A { get; set; } public int B { get; private set; } }", "nothing gives B back")]
    [InlineData("struct T { public List<int> Items { get; } }", "nothing gives Items back")]
    [InlineData("class T { public Guid Id { get; private set; } public string Name { get; set; } = \"\"; }", "nothing gives Id back")]
    [InlineData("class T { public Guid Id { get; internal set; } }", "nothing gives Id back")]
    [InlineData("class T { public Guid Id { get; protected init; } }", "nothing gives Id back")]
    [InlineData("class T { public int Id { get; } = 1; }", "nothing gives Id back")]
    [InlineData("class T { private readonly int _id = 1; public int Id => _id; }", "nothing gives Id back")]
    [InlineData("class T { private readonly int _id = 1; public int Id { get { return this._id; } } }", "nothing gives Id back")]
    [InlineData("class T { public readonly string Text = \"\"; public int A { get; } }", "nothing gives Text, A back")]
    [InlineData("class T { public int[] Items { get; } = []; }", "nothing gives Items back")]
    [InlineData("class T { public System.Collections.Immutable.ImmutableList<int> Items { get; } = []; }", "nothing gives Items back")]
    [InlineData("class T { private T() { } public int A { get; set; } }", "no public constructor")]
    [InlineData("class T { public T(int other) => A = other; public int A { get; set; } }", "no public constructor")]
    [InlineData("class T { public T(string a) => A = a.Length; public int A { get; set; } }", "no public constructor")]
    [InlineData("class T { public T(string name) => Name = name; public string Name { get; private set; } public DateTime Created { get; private set; } }", "nothing gives Created back")]
    [InlineData("class T { public required int A { get; set; } [JsonIgnore] public required int B { get; set; } }", "B is required, but stays at home")]
    [InlineData("class T { private int _a; public void Set(int a) => _a = a; public int Get() => _a; }", "it keeps values, but none of its members travels")]
    [InlineData("class B { public int Id { get; private set; } } class T : B { public int A { get; set; } }", "nothing gives Id back")]
    [InlineData("abstract class B { public abstract int Id { get; } } class T : B { public override int Id { get; } = 1; }", "nothing gives Id back")]
    [InlineData("class T { public T(int a) { A = a; } public T(string b) { B = b; } public int A { get; } public string B { get; } = \"\"; }", "nothing gives * back")]
    [InlineData("class T { public Inner I { get; } = new(); } class Inner { public int A { get; private set; } }", "nothing gives I back")]
    [InlineData("class T { public T? Next { get; } }", "nothing gives Next back")]
    [InlineData("record T(int A) { public int B { get; private set; } }", "nothing gives B back")]
    [InlineData("class T { public Reply<int> R { get; set; } } struct Reply<TValue> { private Reply(TValue v) => Value = v; public TValue Value { get; } public static Reply<TValue> Of(TValue v) => new(v); }", "nothing gives Value back")]
    [InlineData("class B { public int Id { get; } } class T : B { public new int Id { get; set; } }", "nothing gives Id back")]
    [InlineData("record T { public int A { get; } = 1; }", "nothing gives A back")]
    [InlineData("class T { public virtual int A { get; private set; } }", "nothing gives A back")]
    [InlineData("class B { public virtual int A { get; protected set; } } class T : B { public override int A { get; protected set; } }", "nothing gives A back")]
    [InlineData("class B { public virtual int A { get; private set; } } class T : B { public override int A => 3; }", "nothing gives A back")]
    [InlineData("class T { [JsonInclude] public int A { get; } }", "nothing gives A back")]
    [InlineData("class T { [JsonInclude] private readonly int _a = 1; }", "nothing gives _a back")]
    [InlineData("class T { public T(int a, ref int b) => A = a + b; public int A { get; } }", "no public constructor")]
    [InlineData("class T { public object Gate { get; } = new(); public int A { get; set; } }", "nothing gives Gate back")]
    [InlineData("class T { public IFace? F { get; } public int A { get; set; } } interface IFace { int A { get; } }", "nothing gives F back")]
    [InlineData("class T { public Random R { get; } = new(); public int A { get; set; } }", "nothing gives R back")]
    [InlineData("class T { public string Name { get; } = \"\"; public List<int> Items { get; } = []; }", "nothing gives Name back")]
    [InlineData("class T { public T(int id, string name) { Id = id; } public int Id { get; } }", "no public constructor")]
    [InlineData("class T { public ReadOnlyMemory<byte> M { get; } }", "nothing gives M back")]
    [InlineData("struct T { private int _a; public void Set(int a) => _a = a; public int Get() => _a; }", "it keeps values")]
    [InlineData("class T { public Inner? I { get; set; } } class Inner { public Guid Id { get; } = Guid.NewGuid(); }", "nothing gives Id back")]
    [InlineData("class T { [JsonConstructor] public T() { } [JsonConstructor] public T(int a) => A = a; public int A { get; } }", "no public constructor")]
    [InlineData("class T { [JsonConstructor] private T(int b) { } public int A { get; set; } }", "no public constructor")]
    public async Task What_can_only_be_sent_is_said_of_parameters_and_results(string types, string reason)
    {
        Compiled compiled = await FromAsync(types, "T Get(int a); void Put(List<T> value); Task<Dictionary<string, T?>> Both((int, T) pair);");

        compiled.Said.Should().HaveCount(3, "a type is spoken of once for each method");
        Diagnostic said = compiled.Said.Should().OnlyContain(each => each.GetMessage(null).EndsWith(compiled.Said[0].GetMessage(null).Split("received")[1], StringComparison.Ordinal)).And.Subject.First();
        said.Id.Should().Be("GAW011");
        said.Severity.Should().Be(DiagnosticSeverity.Warning);
        reason.Split('|').Should().Contain(each => said.GetMessage(null).Contains(each.Split('*')[0], StringComparison.Ordinal), said.GetMessage(null));
        compiled.Errors.Should().BeEmpty();
        compiled.Files.Should().ContainSingle("it is a warning, so the proxy is written");
        OfLibrary(types).Should().NotBeNull("the library refuses at run time what is warned of");
    }

    [Theory]
    [InlineData("record T(int A, string? B = null);")]
    [InlineData("record struct T(int A, string B);")]
    [InlineData("readonly record struct T(int A) { public int Twice => 2 * A; }")]
    [InlineData("readonly struct T(int value) { public int Value { get; } = value; }")]
    [InlineData("readonly struct T(int value) { public int Value => value; }")]
    [InlineData("struct T { public int A; public string? B { get; set; } }")]
    [InlineData("struct T;")]
    [InlineData("class T;")]
    [InlineData("class T { public int A { get; set; } public int Twice => 2 * A; public string Text { get { return A.ToString(); } } }")]
    [InlineData("class T { public List<string> Items { get; } = []; public Dictionary<string, int> Map { get; } = []; public HashSet<int> Set { get; } = []; }")]
    [InlineData("class T { public readonly List<int> Items = []; }")]
    [InlineData("class T { private readonly List<int> _lines = []; public IReadOnlyList<int> Lines => _lines; }")]
    [InlineData("class T { private readonly List<int> _lines = []; public System.Collections.ObjectModel.ReadOnlyCollection<int> Lines => _lines.AsReadOnly(); }")]
    [InlineData("class T(string owner) { public string Owner { get; } = owner; public List<int> Lines { get; } = []; }")]
    [InlineData("class T { public Inner I { get; } = new(); } class Inner { public int A { get; set; } }")]
    [InlineData("class T { [JsonInclude] public int Id { get; private set; } [JsonInclude] private int _secret; public int Get() => _secret; }")]
    [InlineData("class T { [JsonIgnore] public int Id { get; private set; } [System.Runtime.Serialization.IgnoreDataMember] public int Other { get; } = 2; public int A { get; set; } }")]
    [InlineData("class T { [JsonConstructor] private T(int a) => A = a; public int A { get; private set; } public static T Of(int a) => new(a); }")]
    [InlineData("class T { public T(int a) => A = a; public int A { get; private set; } }")]
    [InlineData("class T(int a, bool elevated = false) { public int A { get; } = a; public bool Is() => elevated; }")]
    [InlineData("class T { public T(int? a) => A = a ?? 0; public int A { get; } }")]
    [InlineData("class T { public T(IEnumerable<int> items) => Items = [.. items]; public IReadOnlyList<int> Items { get; } }")]
    [InlineData("class T(string _name) { public string Name { get; } = _name; }")]
    [InlineData("class T { private int _a; public int A { get => _a; set => _a = value; } public int Again => _a; }")]
    [InlineData("class T { public T() { } public T(int a) => A = a; public int A { get; } }")]
    [InlineData("class B { public virtual int Id { get; set; } } class T : B { public override int Id { get => base.Id + 1; } }")]
    [InlineData("class B { public virtual int Id { get; set; } } class T : B { public override int Id { set => base.Id = value; } }")]
    [InlineData("class B { public int Id { get; private set; } public B(int id) => Id = id; } class T(int id) : B(id);")]
    [InlineData("abstract class T { public int A { get; } }")]
    [InlineData("interface T { int A { get; } }")]
    [InlineData("enum T { None }")]
    [InlineData("class T : List<int>;")]
    [InlineData("class T { public static int A { get; } public const int B = 1; public int this[int index] => index; private int C { get; } = 1; public int D { get; set; } }")]
    [InlineData("class T { public int A { set { } } public int B { get; set; } }")]
    [InlineData("class T { public required int A { get; init; } }")]
    [InlineData("[GawSerializable] class T { public T? Next { get; set; } public List<T> All { get; } = []; }")]
    [InlineData("class T { public Uri? U { get; set; } public Version? V { get; set; } public object? O { get; set; } public GawObject? G { get; set; } }")]
    [InlineData("class T { public KeyValuePair<string, int> K { get; set; } public (int A, string B) P { get; set; } public DateTime? D { get; set; } }")]
    [InlineData("class T { private List<int> items = []; public IEnumerable<int> Items => items; }")]
    [InlineData("class T { public ICollection<int> A { get; } = new List<int>(); public IDictionary<string, int> B { get; } = new Dictionary<string, int>(); public Queue<int> Q { get; } = new(); public Stack<int> S { get; } = new(); }")]
    [InlineData("class T { protected T() { } [JsonConstructor] internal T(int a, string? b) { A = a; B = b; } public int A { get; } public string? B { get; } }")]
    [InlineData("record B(int A); record T(int A, int C) : B(A);")]
    [InlineData("class T { public T((int, string) p) => P = p; public (int A, string B) P { get; } }")]
    [InlineData("class T { public T(List<dynamic>? d, List<(int X, int Y)> p) { D = d; P = p; } public List<object>? D { get; } public List<(int, int)> P { get; } }")]
    [InlineData("class T { public System.Collections.ObjectModel.ObservableCollection<int> O { get; } = []; public SortedSet<int> S { get; } = []; public LinkedList<int> L { get; } = []; }")]
    [InlineData("struct T { public T() { } public List<int> L { get; } = []; }")]
    [InlineData("class T { public IList<Inner> L { get; } = new List<Inner>(); } class Inner { public int A { get; set; } }")]
    [InlineData("class T : IFace { int IFace.Id => 3; public int A { get; set; } } interface IFace { int Id { get; } }")]
    [InlineData("sealed record T(int A) { public int A { get; init; } = A; }")]
    [InlineData("class T { [JsonInclude] internal int A { get; set; } }")]
    [InlineData("class T { [JsonInclude] private readonly List<int> _a = []; }")]
    [InlineData("class T(IReadOnlyList<int> items) { public int[] Items { get; } = [.. items]; }")]
    [InlineData("class T(object value) { public int Value { get; } = (int)value; }")]
    [InlineData("class T { private int _a; public int A { get { return _a; } set { _a = value; } } public bool Has => _a > 0; }")]
    [InlineData("class T { public Inner I { get; } = new(); } class Inner { public Deep D { get; } = new(); public List<int> L { get; } = []; } class Deep { public int A { get; set; } }")]
    [InlineData("class T(int a) { public int A => a; public int B { get; set; } = a; }")]
    [InlineData("class T { public T(string name, DateTime created) { Name = name; Created = created; } public string Name { get; private set; } public DateTime Created { get; private set; } }")]
    [InlineData("class T { private Lazy<int> _lazy = new(); public int Value => _lazy.Value; public int A { get; set; } }")]
    [InlineData("class B<TItem> { protected B(TItem item) => Item = item; public TItem Item { get; } } class T(int item) : B<int>(item);")]
    [InlineData("struct T : IEquatable<T> { public int A { get; init; } public bool Equals(T other) => A == other.A; }")]
    [InlineData("class T<TItem> { public TItem? Item { get; set; } public List<TItem> Items { get; } = []; } class T : T<int>;")]
    public async Task What_can_be_received_or_cannot_be_told_is_not_spoken_of(string types)
    {
        Compiled compiled = await FromAsync(types, "T Get(int a); void Put(List<T> value);");

        compiled.Said.Select(static said => said.GetMessage(null)).Should().BeEmpty();
        compiled.Errors.Should().BeEmpty();
        OfLibrary(types).Should().BeNull("what the library refuses at run time is warned of");
    }

    [Fact]
    public async Task A_class_reads_its_parameters_and_only_writes_its_results()
    {
        Compiled compiled = await Compiled.FromAsync(
            "class S { [Entrypoint] public T Get() => new(); [Entrypoint] public void Put(int a, T value) { } internal void Own(T value) { } }\nclass T { public int Id { get; private set; } }");

        Diagnostic said = compiled.Said.Should().ContainSingle().Which;
        said.GetMessage(null).Should().StartWith("S.Put has the type T in its signature, which can be sent but not received: nothing gives Id back");
        said.Location.SourceTree!.ToString()[said.Location.SourceSpan.Start..said.Location.SourceSpan.End].Should().Be("value");
    }

    [Fact]
    public async Task Private_members_of_another_assembly_are_not_seen_and_nothing_is_said()
    {
        // Of these, what the compiler is given of the framework shows no fields.
        Compiled compiled = await FromAsync("class T { public System.Net.IPEndPoint? E { get; set; } public System.Text.StringBuilder? S { get; set; } }", "T Get(int a);");

        compiled.Said.Should().BeEmpty();
    }

    /// <summary>What the library says of the type T at run time.</summary>
    private static string? OfLibrary(string types)
    {
        Type type = Compiled.Load(Program(types, "")).GetType("T", throwOnError: true)!;
        try
        {
            return new ValueSerializer().WhyNotReadable(type);
        }
        catch (GawSerializationException e)
        {
            return e.Message;
        }
    }

    private static Task<Compiled> FromAsync(string types, string members) => Compiled.FromAsync(Program(types, members));

    private static string Program(string types, string members) =>
        $"[Service] public interface IService {{ {members} }}\n{Public(types)}"
            .Replace("[JsonI", "[System.Text.Json.Serialization.JsonI", StringComparison.Ordinal).Replace("[JsonC", "[System.Text.Json.Serialization.JsonC", StringComparison.Ordinal);

    private static string Public(string types) =>
        System.Text.RegularExpressions.Regex.Replace(types, @"(^|\} |; |\] )(?=(abstract |readonly |sealed )*(class|struct|record|interface|enum) )", "$1public ");
}
