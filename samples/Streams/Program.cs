// "serve [ADDRESS]" only serves, "call [ADDRESS]" only calls; without a word it does both. README.md has more.
using Gaw;
using Streams;

string role = args.Length > 0 ? args[0] : "both";
string address = args.Length > 1 ? args[1] : "127.0.0.1:5555";
switch (role)
{
    case "serve":
        await using (GawServer server = new GawServer(address).Add<Depot>())
        {
            await server.RunAsync(() => Console.WriteLine($"serves at {server.Address}"));
        }

        return 0;
    case "call":
        await using (GawClient client = new([address]))
        {
            await Caller.RunAsync(client.For<IDepot>());
        }

        return 0;
    case "both":
        await using (GawServer server = new GawServer("127.0.0.1", 0).Add<Depot>())
        {
            await server.StartAsync();
            await using GawClient client = new("127.0.0.1", server.LocalEndPoint.Port);
            await Caller.RunAsync(client.For<IDepot>());
        }

        return 0;
    default:
        Console.Error.WriteLine("Say serve or call, then perhaps the address: 127.0.0.1:5555.");
        return 2;
}
