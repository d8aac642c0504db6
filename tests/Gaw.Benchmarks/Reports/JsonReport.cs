using System.Text.Encodings.Web;
using System.Text.Json;

namespace Gaw.Benchmarks.Reports;

/// <summary>Everything that was measured, for programs.</summary>
internal static class JsonReport
{
    private static readonly JsonSerializerOptions Indented = new(JsonSerializerOptions.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(Results results, IReadOnlyList<Goal> goals, CompareOptions options, double othersShare) => JsonSerializer.Serialize(
        new
        {
            Machine = Machine.Description,
            options.Rounds,
            SecondsOfAMeasurement = options.Seconds,
            ShareOfOtherPrograms = Math.Round(othersShare, 3),
            Goals = goals.Select(static goal => new { goal.Name, Value = Round(goal.Value), goal.Limit, goal.AtLeast, goal.Unit, goal.IsMet }),
            Scenarios = results.Scenarios.ToDictionary(static scenario => scenario, scenario => results.Peers(scenario).ToDictionary(
                static peer => peer,
                peer => results.Figures(scenario).Where(figure => results.Values(scenario, peer, figure).Count > 0).ToDictionary(
                    static figure => figure.Unit.Length == 0 ? figure.Name : $"{figure.Name}, {figure.Unit}",
                    figure => new { Median = Round(results.Median(scenario, peer, figure)), Rounds = results.Values(scenario, peer, figure).Select(static value => Round(value)) }))),
        },
        Indented) + "\n";

    private static double? Round(double? value) => value is { } number ? Math.Round(number, 3) : null;
}
