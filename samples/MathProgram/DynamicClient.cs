using Gaw;

/// <summary>Calls as they look in Python: nothing is known beforehand, and nothing is checked by the compiler.</summary>
public static class DynamicClient
{
    public static async Task RunAsync(int port, CancellationToken token = default)
    {
        await using var client = new GawClient("127.0.0.1", port);    // nothing is sent before the first call
        dynamic rpc = client;

        string a = rpc.math_service.plus(10, 20);                     // as in Python
        string b = rpc.math_service.plus(10, b: 20);                  // named arguments
        string c = await rpc.math_service.plusAsync(10, 20, token);   // the suffix Async: a task, sent as "plus"
        dynamic d = rpc["stock"]["odd name!"]("nail");                // any name

        string e = client.Call<string>("math_service/plus", [10, 20]);            // without dynamic
        string f = await client.CallAsync<string>("math_service/plus", [10, 20]);

        Console.WriteLine(string.Join(", ", a, b, c, d, e, f));

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
}
