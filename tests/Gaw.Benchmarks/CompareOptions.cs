using Gaw.Benchmarks.Peers;

namespace Gaw.Benchmarks;

/// <summary>What <c>compare</c> is told on its command line.</summary>
/// <param name="Only">The scenarios to run; empty for all.</param>
/// <param name="Peers">The peers that take part; empty for all.</param>
/// <param name="Rounds">How many rounds count.</param>
/// <param name="Seconds">How long one measurement of a round takes.</param>
/// <param name="WarmUpSeconds">How long a pair of processes makes calls before the first round, in each way it can call.</param>
/// <param name="Smoke">A few calls of everything, and nothing is written.</param>
/// <param name="Folder">Where the JSON and the plot go; <see langword="null"/> for nowhere.</param>
internal sealed record CompareOptions(IReadOnlyList<string> Only, IReadOnlyList<string> Peers, int Rounds, double Seconds, double WarmUpSeconds, bool Smoke, string? Folder)
{
    public const string Usage = """
        compare [--only SCENARIO,...] [--peers PEER,...] [--rounds N] [--seconds S] [--out FOLDER] [--smoke]
          --only     of latency-one-cpu, latency, load, echo, idle, start, tool; default: all
          --peers    of socket, socket-multiplexed, gaw, gaw-dynamic, gaw-call, gaw-signed, gaw-encrypted, streamjsonrpc-json,
                     streamjsonrpc-msgpack, grpc, http; default: all
          --rounds   rounds that count, after one that does not; default: 5
          --seconds  of one measurement; default: 0.2
          --out      where results.json and speed.svg are written; default: nowhere
          --smoke    a few calls of everything, for correctness only
        """;

    public bool Wants(string scenario) => Only.Count == 0 || Only.Contains(scenario);

    public IEnumerable<Peer> Among(IEnumerable<Peer> peers) => peers.Where(peer => Peers.Count == 0 || Peers.Contains(peer.Name));

    /// <exception cref="ArgumentException">An option is unknown, or its value is not one that it takes.</exception>
    public static CompareOptions Parse(ReadOnlySpan<string> arguments)
    {
        CompareOptions options = new([], [], 5, 0.2, 1, false, null);
        for (int i = 0; i < arguments.Length; i++)
        {
            if (arguments[i] == "--smoke")
            {
                options = options with { Smoke = true, Rounds = 1, Seconds = 0.02, WarmUpSeconds = 0 };
                continue;
            }

            if (i + 1 == arguments.Length)
            {
                throw new ArgumentException($"\"{arguments[i]}\" is no option, or has no value.\n{Usage}");
            }

            string value = arguments[i + 1];
            options = arguments[i++] switch
            {
                "--only" => options with { Only = value.Split(',') },
                "--peers" => options with { Peers = [.. value.Split(',').Select(static name => AllPeers.Find(name).Name)] },
                "--rounds" when int.TryParse(value, out int rounds) && rounds > 0 => options with { Rounds = rounds },
                "--seconds" when double.TryParse(value, out double seconds) && seconds > 0 => options with { Seconds = seconds },
                "--out" => options with { Folder = value },
                string option => throw new ArgumentException($"\"{option} {value}\" is no option.\n{Usage}"),
            };
        }

        return options;
    }
}
