using System.Globalization;
using Gaw;
using Gaw.Nats.Worker;

// A worker that tests start, stop and kill: ADDRESS [MAX_CONCURRENT_CALLS]. It writes "up", then a line for each run.
GawServerOptions options = new() { MaxConcurrentCalls = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : int.MaxValue };
await using GawServer server = new GawServer(args[0], options).Add<Shelf>();
await server.RunAsync(static () => RunLog.Write("up"));
