using System.Net;
using System.Net.Sockets;
using Gaw.PostOffice.Addresses;
using Gaw.Scheduling;

namespace Gaw.JsonWeb.Client.Names;

/// <summary>Asks the system for the addresses of names, each on a thread of its own: the resolver blocks, and cannot be interrupted.</summary>
internal static class NameLookUp
{
    /// <returns>Never fails: what went wrong stands in the answer of its name.</returns>
    public static async Task<IReadOnlyDictionary<ServerAddress, NameAnswer>> AskAsync(IReadOnlyList<ServerAddress> names, Func<string, IPAddress[]> lookUp)
    {
        NameAnswer[] answers = await Task.WhenAll(names.Select(name => AskAsync(name.Host, lookUp))).ConfigureAwait(false);
        return names.Zip(answers).ToDictionary(static pair => pair.First, static pair => pair.Second);
    }

    private static Task<NameAnswer> AskAsync(string name, Func<string, IPAddress[]> lookUp)
    {
        TaskCompletionSource<NameAnswer> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Background.Start(() => answer.SetResult(Ask(name, lookUp)), "gaw name look-up");
        return answer.Task;
    }

    private static NameAnswer Ask(string name, Func<string, IPAddress[]> lookUp)
    {
        if (IPAddress.TryParse(name, out IPAddress? given))
        {
            return new NameAnswer([given], null);
        }

        try
        {
            IPAddress[] found = lookUp(name);
            return found.Length > 0 ? new NameAnswer(found, null) : new NameAnswer(null, "it has no address");
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            return new NameAnswer(null, e.Message.TrimEnd('.'));
        }
        catch (Exception e)
        {
            // On a thread of ours nobody else would take it.
            return new NameAnswer(null, $"{e.GetType().Name}: {e.Message.TrimEnd('.')}");
        }
    }
}
