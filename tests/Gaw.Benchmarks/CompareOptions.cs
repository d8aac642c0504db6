using Gaw.Benchmarks.Peers;
using Gaw.Benchmarks.Processes;
using Gaw.Benchmarks.Scenarios;

namespace Gaw.Benchmarks;

/// <summary>What <c>compare</c> is told on its command line.</summary>
internal sealed record CompareOptions
{
    public static readonly string Usage = $"""
        compare [--only SCENARIO,...] [--peers PEER,...] [--cpus N,...] [--rounds N] [--seconds S] [--out FOLDER] [--gaw FILE] [--before FILE] [--smoke]
          --only     of {string.Join(", ", Scenario.Names)}; default: all
          --peers    of {string.Join(", ", AllPeers.All.Select(static peer => peer.Name))}; default: all
          --cpus     how many CPUs server and client share, both tied to the same ones; default: {string.Join(',', Processes.Cpus.Default.Select(static cpus => cpus.Count))}; on Linux only
          --rounds   rounds that count, after one that does not; default: 5
          --seconds  of one measurement; default: 0.15
          --out      where results.json and speed.svg are written; default: nowhere
          --gaw      a command gaw, such as the one of a native package, that the scenario "tool" runs beside the one that was built with this program; the goal is its
          --before   an earlier build of this program: each Gaw peer takes part a second time, as that build has it
          --smoke    a few calls of everything on the last number of CPUs, for correctness only
        """;

    /// <summary>The scenarios to run; empty for all.</summary>
    public IReadOnlyList<string> Only { get; private init; } = [];

    /// <summary>The peers that take part; empty for all.</summary>
    public IReadOnlyList<string> Peers { get; private init; } = [];

    /// <summary>How many rounds count.</summary>
    public int Rounds { get; private init; } = 5;

    /// <summary>How long one measurement of a round takes.</summary>
    public double Seconds { get; private init; } = 0.15;

    /// <summary>The numbers of CPUs that server and client are tied to, one after the other.</summary>
    public IReadOnlyList<Cpus> Cpus { get; private init; } = Processes.Cpus.Default;

    /// <summary>A few calls of everything; nothing is measured.</summary>
    public bool Smoke { get; private init; }

    /// <summary>Where the JSON and the plot go; <see langword="null"/> for nowhere.</summary>
    public string? Folder { get; private init; }

    /// <summary>The command gaw to measure beside the one that was built with this program; <see langword="null"/> for none.</summary>
    public string? Gaw { get; private init; }

    /// <summary>The program of an earlier build, whose Gaw is measured beside this one's; <see langword="null"/> for none.</summary>
    public string? Before { get; private init; }

    public bool Wants(string scenario) => Only.Count == 0 || Only.Contains(scenario);

    /// <summary>Those that take part, and those of the earlier build.</summary>
    public IEnumerable<Peer> Among(IEnumerable<Peer> peers) => peers
        .Where(peer => Peers.Count == 0 || Peers.Contains(peer.Name))
        .SelectMany(peer => Before is { } program && peer is GawPeer ? new Peer[] { peer, new EarlierPeer(peer, program) } : [peer]);

    /// <exception cref="ArgumentException">An option is unknown, or its value is not one that it takes.</exception>
    public static CompareOptions Parse(IEnumerable<string> arguments)
    {
        CompareOptions options = new();
        Queue<string> rest = new(arguments);
        while (rest.TryDequeue(out string? name))
        {
            options = name switch
            {
                "--smoke" => options with { Smoke = true, Rounds = 1, Seconds = 0.02, Cpus = [options.Cpus[^1]] },
                _ when rest.TryDequeue(out string? value) => options.With(name, value),
                _ => throw new ArgumentException($"\"{name}\" is no option, or has no value.\n{Usage}"),
            };
        }

        return options;
    }

    private CompareOptions With(string name, string value) => name switch
    {
        "--only" when value.Split(',').All(Scenario.Names.Contains) => this with { Only = value.Split(',') },
        "--peers" => this with { Peers = [.. value.Split(',').Select(static peer => AllPeers.Find(peer).Name)] },
        "--rounds" when int.TryParse(value, out int rounds) && rounds > 0 => this with { Rounds = rounds },
        "--seconds" when double.TryParse(value, out double seconds) && seconds > 0 => this with { Seconds = seconds },
        "--cpus" when Processes.Cpus.Parse(value) is { } cpus => this with { Cpus = cpus },
        "--out" => this with { Folder = value },
        "--gaw" => this with { Gaw = value },
        "--before" when File.Exists(value) => this with { Before = Path.GetFullPath(value) },
        "--before" => throw new ArgumentException($"There is no program \"{value}\". Give the path of Gaw.Benchmarks in another build's output."),
        _ => throw new ArgumentException($"\"{name} {value}\" is no option.\n{Usage}"),
    };
}
