// A server, a client by dynamic and a typed client. "serve [port]" only serves, "call [port]" only calls; without a word it does both.
using Gaw;

string what = args.Length > 0 ? args[0] : "both";
int port = args.Length > 1 ? int.Parse(args[1]) : 5555;
if (what == "serve")
{
    new GawServer("127.0.0.1", port)
        .Add<MathService>("hello!")                          // constructor arguments, matched here and not at the first call
        .Add(() => new Stock(place: "shelf"))                // or a factory
        .Run(() => Console.WriteLine("server is up"));       // until Ctrl+C or SIGTERM, then it drains
}
else if (what == "call")
{
    await DynamicClient.RunAsync(port);
    await TypedClient.RunAsync(port);
}
else
{
    await using var server = new GawServer("127.0.0.1", port: 0).Add<MathService>("hello!").Add(() => new Stock(place: "shelf"));
    await server.StartAsync();
    await DynamicClient.RunAsync(server.LocalEndPoint.Port);
    await TypedClient.RunAsync(server.LocalEndPoint.Port);
}
