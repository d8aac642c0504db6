using System.Globalization;
using System.Runtime.ExceptionServices;
using Gaw;
using Gaw.Trimming;

// Says its port, serves until its input ends, and drains.
await using GawServer server = new GawServer("127.0.0.1", port: 0).Add<Shop>().Add<Till>();

// The calls of the warm-up are the library's own: where the trimmer takes their service away, the process starts cold, and nobody is told.
EventHandler<FirstChanceExceptionEventArgs> failing = static (_, thrown) =>
{
    if (thrown.Exception is ArgumentException)
    {
        Console.Error.WriteLine(thrown.Exception);
        Environment.Exit(3);
    }
};
AppDomain.CurrentDomain.FirstChanceException += failing;
await server.StartAsync();
AppDomain.CurrentDomain.FirstChanceException -= failing;
Console.WriteLine(server.LocalEndPoint.Port);
await Console.In.ReadToEndAsync();
await server.StopAsync();

/// <summary>Sees what arrives through reflection-free code: it calls no getter that it does not need.</summary>
internal sealed class Shop : IShop
{
    public Task<Receipt> PlaceAsync(Order order) =>
        Task.FromResult(new Receipt(order.Lines.Sum(static line => line.Count), 12.50m, [new Parcel(order.Lines[0].Article, 1.5)]));

    public Task<string> DescribeAsync(Basket basket) => Task.FromResult($"{basket.Owner}, {basket.Lines.Count}, {basket.Visits}");

    public Dictionary<string, (Size Size, Price Price)> Prices() => new() { ["nail"] = (Size.Large, new Price(9.90m, "THB")) };

    public string Any(object value) => value is IDictionary<string, object?> members ? string.Join(", ", members.Select(static member => string.Create(CultureInfo.InvariantCulture, $"{member.Key}: {member.Value}"))) : $"{value}";

    public Task<object> SomethingAsync(string kind) => Task.FromResult<object>(kind switch
    {
        "coupon" => new Coupon("SAVE", 10),
        "loose" => new Loose { P = 4, Q = "q" },
        "tuple" => (1, new Version(2, 3)),
        _ => kind,
    });

    public Task<string> NameOfAsync(Animal animal) => Task.FromResult(animal.Name);

    public async IAsyncEnumerable<Stop> TrackAsync(int number)
    {
        for (int day = 1; day <= number; day++)
        {
            await Task.Yield();
            yield return new Stop(day % 2 == 0 ? "ship" : "port", day);
        }
    }

    public Task<int> PackAsync(int count, IProgress<Packed> progress)
    {
        for (int done = 1; done <= count; done++)
        {
            progress.Report(new Packed(done, "nail"));
        }

        return Task.FromResult(count);
    }
}

/// <summary>Without an interface: what its entrypoints take is kept by their marks.</summary>
internal sealed class Till
{
    [Entrypoint]
    public string Pay(Payment payment) => $"{payment.Amount.ToString(CultureInfo.InvariantCulture)} by {payment.Card.Holder}";
}

/// <summary>Only received, and in the signature of a class alone.</summary>
internal sealed record Payment(decimal Amount, Card Card);

internal sealed record Card(string Holder, string Number);
