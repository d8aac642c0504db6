using Gaw;
using Worker;

// Calls the worker of samples/Worker: dotnet run --project samples/Worker in one terminal, this one in another.
await using GawClient client = new("127.0.0.1", args is [{ } port, ..] ? int.Parse(port) : 5555, new GawClientOptions { ConnectTimeout = TimeSpan.FromSeconds(30) });
IStock stock = client.For<IStock>();

Console.WriteLine($"nails on the shelf: {await stock.PutAsync("nail", 10)}");
Console.WriteLine($"four cost {await stock.TakeAsync("nail", 4)}");
try
{
    await stock.TakeAsync("nail", 100);
}
catch (GawRemoteException e)
{
    Console.WriteLine($"refused: {e.RemoteMessage}");
}
