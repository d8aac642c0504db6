// A server and a client of it. "serve [port]" only serves, "call [host] [port]" only calls; without a word it does both.
using Gaw;

const string Host = "127.0.0.1";
string what = args.Length > 0 ? args[0] : "both";
if (what == "serve")
{
    int port = args.Length > 1 ? int.Parse(args[1]) : 5555;
    GawServer serving = new GawServer(Host, port).Add<MathService>("hello!");
    serving.Run(() => Console.WriteLine($"server is up on {serving.LocalEndPoint}"));
}
else if (what == "call")
{
    await CallAsync(args.Length > 1 ? args[1] : Host, args.Length > 2 ? int.Parse(args[2]) : 5555);
}
else
{
    await using GawServer server = new GawServer(Host, port: 0).Add<MathService>("hello!");
    await server.StartAsync();
    await CallAsync(Host, server.LocalEndPoint.Port);
}

static async Task CallAsync(string host, int port)
{
    await using GawClient client = new(host, port);
    dynamic rpc = client;
    Console.WriteLine(rpc.math_service.plus(10, 20));
    Console.WriteLine(await rpc.math_service.multiplyAsync(10, b: 20));

    // A class of the service's own is an object with members here; with the class at hand it is that.
    dynamic division = rpc.math_service.divide(17, 5);
    Console.WriteLine($"{division.quotient} rest {division.rest}");
    Console.WriteLine(client.Call<Division>("math_service/divide", [17, 5]));

    try
    {
        rpc.math_service.divide(1, 0);
    }
    catch (GawRemoteException failure)
    {
        Console.WriteLine($"{failure.RemoteName}: {failure.RemoteMessage}");
    }
}
