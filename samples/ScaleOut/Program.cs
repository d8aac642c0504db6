using Gaw;
using ScaleOut;

// worker [ADDRESS] serves; caller [ADDRESS] [CALLS] calls. README.md has the three terminals.
string role = args.Length > 0 ? args[0] : "";
string address = args.Length > 1 ? args[1] : "nats://127.0.0.1:4222";
switch (role)
{
    case "worker":
        await using (GawServer server = new GawServer(address).Add<Stock>())
        {
            await server.RunAsync(() => Console.WriteLine($"worker {Environment.ProcessId} serves at {server.Address}"));
        }

        return 0;
    case "caller":
        await using (GawClient client = new([address]))
        {
            await Caller.RunAsync(client.For<IStock>(), args.Length > 2 ? int.Parse(args[2]) : int.MaxValue);
        }

        return 0;
    default:
        Console.Error.WriteLine("Say worker or caller, then perhaps the engine's address: nats://127.0.0.1:4222.");
        return 2;
}
