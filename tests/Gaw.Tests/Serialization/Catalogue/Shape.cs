using System.Runtime.CompilerServices;
using Gaw.Serialization.Types;

namespace Gaw.Tests.Serialization.Catalogue;

/// <summary>What is expected of a shape.</summary>
internal enum Outcome
{
    /// <summary>It arrives equal, in every field.</summary>
    Equal,

    /// <summary>It is written whole, and refused by name where it would have to be read.</summary>
    OneWay,

    /// <summary>It is refused where it would have to be written.</summary>
    Refused,

    /// <summary>It arrives as one of the <see cref="DocumentedExceptions"/> says.</summary>
    Documented,
}

/// <summary>A type that users have, a value of it whose every field differs from its default, and what has to become of it.</summary>
internal abstract record Shape(string Name, Outcome Outcome)
{
    /// <summary>What the refusal says.</summary>
    public string Refusal { get; init; } = "";

    /// <summary>Of a one-way type: the members that are written.</summary>
    public IReadOnlyList<string> Members { get; init; } = [];

    /// <summary>Which of the documented exceptions it shows.</summary>
    public DocumentedException? Exception { get; init; }

    /// <summary>Whether some fields of the sample have their defaults on purpose.</summary>
    public bool IsSparse { get; init; }

    /// <summary>Whether nothing says which type the value has where a caller or a member is untyped, so that another one may be seen there.</summary>
    public bool IsNarrowedWhereUntyped { get; init; }

    public abstract Type Type { get; }

    /// <summary>Makes the value.</summary>
    public abstract object? Make();

    /// <summary>What is to arrive.</summary>
    public abstract object? Arriving();

    /// <summary>Runs one way of sending it.</summary>
    public abstract Task RunAsync(Route route);

    public static Shape Equal<T>(Func<T> make, [CallerArgumentExpression(nameof(make))] string code = "") => new Shape<T>(Named<T>(code), Outcome.Equal, make);

    /// <param name="named">What the refusal names: the wire name of a member that cannot be given back, or what else is missing.</param>
    /// <param name="members">The wire names of all members.</param>
    public static Shape OneWay<T>(string named, string[] members, Func<T> make, [CallerArgumentExpression(nameof(make))] string code = "") =>
        new Shape<T>(Named<T>(code), Outcome.OneWay, make) { Refusal = named, Members = members };

    /// <param name="word">What the refusal says.</param>
    public static Shape Refused<T>(string word, Func<T> make, [CallerArgumentExpression(nameof(make))] string code = "") =>
        new Shape<T>(Named<T>(code), Outcome.Refused, make) { Refusal = word };

    /// <param name="arriving">What is to arrive.</param>
    public static Shape Documented<T>(DocumentedException exception, Func<T> make, Func<T> arriving, [CallerArgumentExpression(nameof(make))] string code = "") =>
        new Shape<T>(Named<T>(code), Outcome.Documented, make, arriving) { Exception = exception };

    /// <summary>Some fields of the sample have their defaults on purpose.</summary>
    public Shape Sparse() => this with { IsSparse = true };

    /// <summary>Its type is lost where a caller or a member is untyped.</summary>
    public Shape Narrowed() => this with { IsNarrowedWhereUntyped = true };

    private static string Named<T>(string code)
    {
        string text = code[(code.IndexOf("=>", StringComparison.Ordinal) + 2)..].Trim().ReplaceLineEndings(" ");
        return $"{TypeNames.Friendly(typeof(T))}: {(text.Length > 120 ? text[..120] + "…" : text)}";
    }
}

/// <inheritdoc cref="Shape"/>
internal sealed record Shape<T>(string Name, Outcome Outcome, Func<T> Value, Func<T>? Arrival = null) : Shape(Name, Outcome)
{
    public override Type Type => typeof(T);

    public override object? Make() => Value();

    public override object? Arriving() => (Arrival ?? Value)();

    public override Task RunAsync(Route route) => route.SendAsync(this);
}

/// <summary>A way of sending a value there and back.</summary>
internal abstract class Route
{
    /// <exception cref="GawException">It was refused.</exception>
    /// <exception cref="ArgumentException">It was refused by <c>Add</c> or <c>For</c>.</exception>
    public abstract Task SendAsync<T>(Shape<T> shape);
}
