using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Gaw.Trimming;

public enum Size
{
    Small,
    Large,
}

/// <summary>
/// What both programs know, compiled into each of them. Each program only receives some of these records: its own code calls neither their
/// constructors nor their setters, and reads few of their members, so that nothing but the roots keeps them.
/// </summary>
[Service]
public interface IShop
{
    /// <summary>A record that only the server receives, and one that only the client does.</summary>
    Task<Receipt> PlaceAsync(Order order);

    Task<string> DescribeAsync(Basket basket);

    Dictionary<string, (Size Size, Price Price)> Prices();

    string Any(object value);

    Task<object> SomethingAsync(string kind);

    Task<string> NameOfAsync(Animal animal);

    IAsyncEnumerable<Stop> TrackAsync(int number);

    Task<int> PackAsync(int count, IProgress<Packed> progress);
}

public readonly record struct Price(decimal Amount, string Currency);

[GawSerializable]
public sealed record Order(string Customer, List<Line> Lines)
{
    public DateTimeOffset? Due { get; init; }
}

/// <summary>Unmarked, and reached as an item only.</summary>
public sealed record Line(string Article, int Count);

[GawSerializable]
public sealed record Receipt(int Number, decimal Total, IReadOnlyList<Parcel> Parcels);

public sealed record Parcel(string Carrier, double Weight);

/// <summary>Travels as the item of a stream only.</summary>
public sealed record Stop(string Place, int Day);

/// <summary>Travels as a report of progress only.</summary>
public sealed record Packed(int Done, string Article);

/// <summary>Filled through a setter, a list that is there already, and a setter that nobody else may use.</summary>
public sealed class Basket
{
    public string Owner { get; set; } = "";

    public List<Line> Lines { get; } = [];

    [JsonInclude]
    public int Visits { get; private set; }

    public void Visit() => Visits++;
}

/// <summary>In no signature: its mark keeps it.</summary>
[GawSerializable]
public sealed record Coupon(string Code, int Percent);

/// <summary>In no signature and without a mark: it is refused by name, not written without the members that are gone.</summary>
public sealed class Loose
{
    public int P { get; set; }

    public string Q { get; set; } = "";
}

[SuppressMessage("Design", "CA1052", Justification = "A base class.")]
public class Animal
{
    public string Name { get; set; } = "";
}

/// <summary>A subclass that nobody has been told of.</summary>
public sealed class Dog : Animal
{
    public int Tricks { get; set; }
}
