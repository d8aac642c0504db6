using Gaw.Services;

namespace Gaw.Tests.Proxies;

/// <summary>What <see cref="ITyped"/> derives from: a base that is closed by it.</summary>
public interface IStoring<TKey, TItem>
    where TKey : notnull
{
    Task PutAsync(TKey key, TItem item);

    Task<Dictionary<TKey, TItem>> AllAsync();
}

/// <summary>Every shape of method that a typed client has.</summary>
[Service("typed")]
public interface ITyped : IStoring<string, Point>
{
    int Plus(int a, int b);

    int Version();

    void Nothing(string text);

    Task TaskAsync(string text);

    Task<int> TaskOfAsync(int a);

    ValueTask ValueTaskAsync(string text);

    ValueTask<string?> ValueTaskOf(string? text);

    string Defaults(int a, int b = 7, string text = "x", DayOfWeek day = DayOfWeek.Friday, Guid? id = null);

    int Sum(int first, params int[] rest);

    [Entrypoint("odd name!")]
    int Odd();

    [Entrypoint(Idempotent = true)]
    Task<string> WaitAsync(string name, CancellationToken cancellationToken = default);

#pragma warning disable CA1068 // The token comes first for the test's sake.
    string TokenFirst(CancellationToken cancellationToken, int a);
#pragma warning restore CA1068

    string Many(byte a, short b, int c, long d, float e, double f, decimal g, bool h, char i, string j, int? k, DateTimeOffset l);

    string Describe(int a, GawCallContext? context = null);

    string User(int a, CallOptions? options = null, GawCallContext? context = null);

    Task<string> WaitWithAsync(CallOptions options, string name, CancellationToken cancellationToken = default);

    Point Moved(Point point, int dx);

    Task<Plain> PlainAsync(Plain plain);

    (int Count, string Text) Pair((int Count, string Text) pair);

    IReadOnlyList<Point> Points(List<Point> points);

    object? Anything(object? value);

    int[] Squares(IEnumerable<int> numbers);

    double Divide(int a, int b);

    string @class(int @params);
}

[GawSerializable]
public sealed record Point(int X, int Y);

/// <summary>Has no mark: travels as a plain object.</summary>
public sealed record Plain(string Name, IReadOnlyList<int> Numbers);

public sealed class Typed : ITyped
{
    private static readonly Dictionary<string, Point> Points = [];

    public static TaskCompletionSource<string> Waiting { get; set; } = new();

    public static TaskCompletionSource<string> Cancelled { get; set; } = new();

    public int Plus(int a, int b) => a + b;

    public int Version() => 3;

    public void Nothing(string text) => ArgumentException.ThrowIfNullOrEmpty(text);

    public Task TaskAsync(string text) => text.Length > 0 ? Task.CompletedTask : throw new ArgumentException("empty");

    public Task<int> TaskOfAsync(int a) => Task.FromResult(a * 2);

    public ValueTask ValueTaskAsync(string text) => text.Length > 0 ? default : throw new ArgumentException("empty");

    public ValueTask<string?> ValueTaskOf(string? text) => new(text);

    public string Defaults(int a, int b, string text, DayOfWeek day, Guid? id) => $"{a} {b} {text} {day} {id}";

    public int Sum(int first, params int[] rest) => first + rest.Sum();

    public int Odd() => 1;

    public async Task<string> WaitAsync(string name, CancellationToken cancellationToken)
    {
        Waiting.TrySetResult(name);
        try
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
        finally
        {
            Cancelled.TrySetResult(name);
        }

        return name;
    }

    public string TokenFirst(CancellationToken cancellationToken, int a) => $"{a} {cancellationToken.CanBeCanceled}";

    public string Many(byte a, short b, int c, long d, float e, double f, decimal g, bool h, char i, string j, int? k, DateTimeOffset l) =>
        FormattableString.Invariant($"{a} {b} {c} {d} {e} {f} {g} {h} {i} {j} {k} {l:O}");

    public string Describe(int a, GawCallContext? context) => $"{a} {context!.Path}";

    public string User(int a, CallOptions? options, GawCallContext? context) => $"{a} {context!.Metadata.GetValueOrDefault("user", "nobody")}{(options is null ? "" : " with options")}";

    public Task<string> WaitWithAsync(CallOptions options, string name, CancellationToken cancellationToken) => WaitAsync(name, cancellationToken);

    public Point Moved(Point point, int dx) => point with { X = point.X + dx };

    public Task<Plain> PlainAsync(Plain plain) => Task.FromResult(plain with { Name = plain.Name + "!" });

    public (int Count, string Text) Pair((int Count, string Text) pair) => (pair.Count + 1, pair.Text + "!");

    IReadOnlyList<Point> ITyped.Points(List<Point> points) => [.. points.Select(static p => p with { X = p.Y, Y = p.X })];

    public object? Anything(object? value) => value;

    public int[] Squares(IEnumerable<int> numbers) => [.. numbers.Select(static n => n * n)];

    public double Divide(int a, int b) => b != 0 ? (double)a / b : throw new DivideByZeroException();

    public string @class(int @params) => $"class {@params}";

    public Task PutAsync(string key, Point item)
    {
        lock (Points)
        {
            Points[key] = item;
        }

        return Task.CompletedTask;
    }

    public Task<Dictionary<string, Point>> AllAsync()
    {
        lock (Points)
        {
            return Task.FromResult(new Dictionary<string, Point>(Points));
        }
    }
}
