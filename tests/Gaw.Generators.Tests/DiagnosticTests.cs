using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Gaw.Generators.Tests;

/// <summary>What the analyzer says, and where. In the programs <c>«…»</c> is the place.</summary>
public sealed class DiagnosticTests
{
    [Theory]
    [InlineData("GAW001", "[Service] interface I { int «Count» { get; } }", "I.Count is a property; a service interface has methods only")]
    [InlineData("GAW001", "[Service] interface I { int «this»[int index] { get; } }", "I.this[] is an indexer*")]
    [InlineData("GAW001", "[Service] interface I { event Action «Changed»; }", "I.Changed is an event*")]
    [InlineData("GAW001", "[Service] interface I { static abstract int «Make»(); }", "I.Make is static and abstract*")]
    [InlineData("GAW001", "interface IBase { int Count { get; } } [Service] interface «I» : IBase;", "IBase.Count is a property*")]
    [InlineData("GAW001", "[Service] interface IBase { int «Count» { get; } } [Service] interface I : IBase;", "IBase.Count is a property*")]
    [InlineData("GAW002", "[Service] interface I { T «Same»<T>(T value); }", "I.Same is generic; the wire carries no type arguments")]
    [InlineData("GAW002", "class C { [Entrypoint] public T «Same»<T>(T value) => value; }", "C.Same is generic*")]
    [InlineData("GAW003", "[Service] interface I { void Set(ref int «value»); }", "I.Set has the ref, in or out parameter value*")]
    [InlineData("GAW003", "class C { [Entrypoint] public void Set(out int «value») => value = 1; }", "C.Set has the ref, in or out parameter value*")]
    [InlineData("GAW004", "[Service] interface I { void Set(Span<int> «value»); }", "I.Set has the type Span<int> in its signature, which cannot cross*use an array")]
    [InlineData("GAW004", "[Service] interface I { FileStream «Open»(); }", "I.Open has the type FileStream*send its bytes")]
    [InlineData("GAW004", "[Service] interface I { Task<IAsyncEnumerable<int>> «Items»(); }", "I.Items has the type IAsyncEnumerable<int>*")]
    [InlineData("GAW004", "[Service] interface I { void Call(List<Action> «done»); }", "I.Call has the type Action*code does not cross: return an IAsyncEnumerable<T>, or take an IProgress<T>")]
    [InlineData("GAW004", "[Service] interface I { void Wait(Task «done»); }", "I.Wait has the type Task*")]
    [InlineData("GAW004", "[Service] unsafe interface I { void Set(int* «at»); }", "I.Set has the type int**")]
    [InlineData("GAW004", "[Service] interface I { void Set(int[,] «table»); }", "*use an array of arrays")]
    [InlineData("GAW004", "[Service] interface I { IEnumerable<System.Linq.IGrouping<int, string>> «Groups»(); }", "I.Groups has the type IGrouping<int, string>*its key would be lost*")]
    [InlineData("GAW004", "[Service] interface I { void Set(System.Collections.Specialized.NameValueCollection «values»); }", "I.Set has the type NameValueCollection*its values would be lost*")]
    [InlineData("GAW004", "[Service] interface I { ref int «Get»(); }", "*return the value")]
    [InlineData("GAW004", "class C { [Entrypoint] public Task<Task<int>> «Get»() => null!; }", "C.Get has the type Task<int>*")]
    [InlineData("GAW005", "[Service] interface I { int Plus(int a); int «Plus»(string a); }", "I.Plus and I.Plus would both be called \"plus\"*")]
    [InlineData("GAW005", "[Service] interface I { int Plus(int a); Task<int> «PlusAsync»(int a); }", "I.Plus and I.PlusAsync would both be called \"plus\"*")]
    [InlineData("GAW005", "[Service] interface I { int Plus(int a); [Entrypoint(\"plus\")] int «Other»(int a); }", "*\"plus\"*")]
    [InlineData("GAW005", "interface IA { int Plus(); } interface IB { int Plus(); } [Service] interface «I» : IA, IB;", "IA.Plus and IB.Plus*")]
    [InlineData("GAW005", "class B { [Entrypoint] public int Plus() => 1; } class C : B { [Entrypoint] public int «Plus»(int a) => a; }", "B.Plus and C.Plus*")]
    [InlineData("GAW006", "[Service] interface I { void «Wait»(CancellationToken a, CancellationToken b); }", "I.Wait has several*")]
    [InlineData("GAW004", "[Service] interface I { IObservable<int> «Items»(); }", "I.Items has the type IObservable<int>*return or take IAsyncEnumerable<T> itself")]
    [InlineData("GAW004", "[Service] interface I { void Take(IObservable<int> «items»); }", "I.Take has the type IObservable<int>*return or take IAsyncEnumerable<T> itself")]
    [InlineData("GAW004", "[Service] interface I { System.Threading.Channels.ChannelReader<int> «Items»(); }", "I.Items has the type ChannelReader<int>*return or take IAsyncEnumerable<T> itself, as ReadAllAsync gives it")]
    [InlineData("GAW004", "[Service] interface I { void Take(System.Threading.Channels.ChannelReader<int> «items»); }", "I.Take has the type ChannelReader<int>*return or take IAsyncEnumerable<T> itself, as ReadAllAsync gives it")]
    [InlineData("GAW004", "[Service] interface I { IAsyncEnumerator<int> «Items»(); }", "I.Items has the type IAsyncEnumerator<int>*return IAsyncEnumerable<T>, or take one")]
    [InlineData("GAW004", "[Service] interface I { void Take(IAsyncEnumerator<int> «items»); }", "I.Take has the type IAsyncEnumerator<int>*return IAsyncEnumerable<T>, or take one")]
    [InlineData("GAW004", "[Service] interface I { ValueTask<IAsyncEnumerable<int>> «Items»(); }", "I.Items has the type IAsyncEnumerable<int>*only a method itself returns a stream*not inside a task or another type")]
    [InlineData("GAW004", "[Service] interface I { void Take(List<IAsyncEnumerable<int>> «items»); }", "I.Take has the type IAsyncEnumerable<int>*only a parameter itself takes one*")]
    [InlineData("GAW004", "[Service] interface I { void Take(params IAsyncEnumerable<int>[] «items»); }", "I.Take has the type IAsyncEnumerable<int>*only a parameter itself takes one*")]
    [InlineData("GAW004", "[Service] interface I { List<IAsyncEnumerable<int>> «Items»(); }", "I.Items has the type IAsyncEnumerable<int>*only a method itself returns a stream*")]
    [InlineData("GAW004", "[Service] interface I { IAsyncEnumerable<IAsyncEnumerable<int>> «Items»(); }", "I.Items has the type IAsyncEnumerable<int>*only a method itself returns a stream*")]
    [InlineData("GAW004", "[Service] interface I { void Take(IAsyncEnumerable<Action> «items»); }", "I.Take has the type Action*code does not cross*")]
    [InlineData("GAW004", "[Service] interface I { void Take(Func<IAsyncEnumerable<int>> «items»); }", "I.Take has the type Func<IAsyncEnumerable<int>>*code does not cross*")]
    [InlineData("GAW004", "class C { [Entrypoint] public Task<IAsyncEnumerable<int>> «Items»() => null!; }", "C.Items has the type IAsyncEnumerable<int>*only a method itself returns a stream*")]
    [InlineData("GAW004", "class C { [Entrypoint] public int Take(System.Threading.Channels.ChannelReader<int> «items») => 1; }", "C.Take has the type ChannelReader<int>*")]
    [InlineData("GAW004", "[Service] interface I { void Work(List<IProgress<int>> «progress»); }", "I.Work has the type IProgress<int>*only a parameter of the method itself takes its progress")]
    [InlineData("GAW004", "[Service] interface I { void Work(IProgress<Action> «progress»); }", "I.Work has the type Action*take an IProgress<T>")]
    [InlineData("GAW004", "[Service] interface I { IProgress<int> «Work»(); }", "I.Work has the type IProgress<int>*")]
    [InlineData("GAW006", "[Service] interface I { void «Work»(IProgress<int> a, IProgress<string> b); }", "I.Work has several parameters for its progress*")]
    [InlineData("GAW006", "[Service] interface I { void «Wait»(Gaw.CallOptions a, Gaw.CallOptions b); }", "I.Wait has several call options*")]
    [InlineData("GAW006", "class C { [Entrypoint] public void «Wait»(CancellationToken a, CancellationToken b) { } }", "C.Wait has several cancellation tokens*")]
    [InlineData("GAW006", "class C { [Entrypoint] public void «Wait»(Gaw.CallOptions a, Gaw.CallOptions b) { } }", "C.Wait has several call options*")]
    [InlineData("GAW007", "[Service] interface «I» : IDisposable { void Do(); }", "I derives from IDisposable*")]
    [InlineData("GAW008", "class C { [Entrypoint] internal int «Plus»() => 1; }", "C.Plus is an entrypoint and not public*")]
    [InlineData("GAW008", "[Service] interface I { internal int «Plus»(int a); }", "I.Plus is an entrypoint and not public*")]
    [InlineData("GAW009", "[Service] class «C» { public int Plus() => 1; }", "C has no entrypoint*")]
    [InlineData("GAW010", "[Service] interface «I»<T> { T Same(T value); }", "I<T> gets no proxy at compile time, because it is generic*")]
    [InlineData("GAW010", "class C { [Service] private interface «I» { void Do(); } }", "C.I gets no proxy*not visible outside C*")]
    [InlineData("GAW012", "class C { [Entrypoint] public async void «Fire»() => await Task.Yield(); }", "C.Fire is async void*return a Task")]
    [InlineData("GAW012", "[Service] interface I { async void «Fire»() => await Task.Yield(); }", "I.Fire is async void*")]
    [InlineData("GAW013", "class C { [Entrypoint] public int Two(int userId, int «user_id») => 1; }", "C.Two has the parameters userId and user_id, which would both be called \"user_id\"*")]
    [InlineData("GAW013", "[Service] interface I { int Two(int A, CancellationToken token, int «a»); }", "I.Two has the parameters A and a, which would both be called \"a\"*")]
    [InlineData("GAW010", "[Service] file interface «I» { void Do(); }", "*not visible outside its file*")]
    public async Task What_is_not_supported_is_said_once_and_at_its_place(string id, string program, string message)
    {
        int start = program.IndexOf('«', StringComparison.Ordinal);
        string text = program.Replace("«", "", StringComparison.Ordinal).Replace("»", "", StringComparison.Ordinal);
        Compiled compiled = await Compiled.FromAsync(text);

        Diagnostic said = compiled.Said.Should().ContainSingle().Which;

        said.Id.Should().Be(id);
        said.GetMessage(null).Should().Match(message);
        TextSpan line = said.Location.GetLineSpan().Span.Start is { Line: 1 } position ? new TextSpan(position.Character, said.Location.SourceSpan.Length) : default;
        line.Should().Be(TextSpan.FromBounds(start, program.IndexOf('»', StringComparison.Ordinal) - 1));
        compiled.Files.Where(file => !file.Key.StartsWith("IBase", StringComparison.Ordinal)).Should().BeEmpty("a proxy would only add errors of its own");
        compiled.Errors.Should().BeEmpty();
    }

    [Theory]
    [InlineData("class C : I { public async void «Fire»() => await Task.Yield(); }", "C.Fire is async void*")]
    [InlineData("class C : I { async void I.«Fire»() => await Task.Yield(); }", "C.*Fire is async void*")]
    [InlineData("class B { public async void Fire() => await Task.Yield(); } class «C» : B, I;", "B.Fire is async void*")]
    [InlineData("abstract class B : I { public abstract void Fire(); } class C : B { public override async void «Fire»() => await Task.Yield(); }", "C.Fire is async void*")]
    public async Task An_async_void_is_said_where_a_service_interface_is_implemented(string program, string message)
    {
        int start = program.IndexOf('«', StringComparison.Ordinal);
        Compiled compiled = await Compiled.FromAsync(program.Replace("«", "", StringComparison.Ordinal).Replace("»", "", StringComparison.Ordinal) + "\n[Service] interface I { void Fire(); }");

        Diagnostic said = compiled.Said.Should().ContainSingle().Which;

        said.Id.Should().Be("GAW012");
        said.GetMessage(null).Should().Match(message);
        said.Location.GetLineSpan().StartLinePosition.Should().Be(new LinePosition(1, start));
        compiled.Errors.Should().BeEmpty();
    }

    [Theory]
    [InlineData("[Service] interface I { int Plus(int a); static int Helper() => 1; sealed int Twice(int a) => Plus(Plus(a)); private int Own() => 1; int Body() => 1; }")]
    [InlineData("interface IPlain : IDisposable { int Count { get; } }")]
    [InlineData("class C { [Entrypoint] public int Plus(int a, params int[] more) => a; [Entrypoint] public static int Static() => 1; internal int Own(ref int a) => a; }")]
    [InlineData("abstract class B { [Entrypoint] public abstract int Plus(); } [Service] class C : B { public override int Plus() => 1; }")]
    [InlineData("[Service] interface I { int Plus(); } [Service] class C : I { public int Plus() => 1; }")]
    [InlineData("[Service] abstract class B;")]
    [InlineData("[Service] interface IA { int Plus(); } [Service] interface IB : IA { int Minus(GawCallContext context, CancellationToken token); }")]
    [InlineData("[Service] interface I { IAsyncEnumerable<int> Items(CancellationToken token = default); Task<int> Take(IAsyncEnumerable<int> items); IAsyncEnumerable<string> Both(IAsyncEnumerable<int> items, IAsyncEnumerable<string>? more = null); int Now(IAsyncEnumerable<int> items); }")]
    [InlineData("class C { [Entrypoint] public Task<int> Take(IAsyncEnumerable<List<int>> items, IProgress<double> progress, CancellationToken token) => Task.FromResult(1); [Entrypoint] public IAsyncEnumerable<int> Same(IAsyncEnumerable<int> items) => items; }")]
    public async Task What_is_supported_is_not_spoken_of(string program)
    {
        Compiled compiled = await Compiled.FromAsync(program);

        compiled.Said.Should().BeEmpty();
        compiled.Errors.Should().BeEmpty();
    }

    [Fact]
    public async Task All_that_is_wrong_with_an_interface_is_said()
    {
        Compiled compiled = await Compiled.FromAsync(
            """
            [Service] public interface IAllWrong : IDisposable
            {
                int Count { get; set; }
                event Action Changed;
                T Generic<T>(T value);
                void Two(ref int a, Span<int> b);
                int Same(int a);
                int Same(string a);
            }
            """);

        compiled.Said.Select(static said => said.Id).Should().BeEquivalentTo("GAW007", "GAW001", "GAW001", "GAW002", "GAW003", "GAW004", "GAW005");
    }
}
