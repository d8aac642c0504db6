using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

namespace Gaw.Tests.Serialization.Catalogue;

/// <summary>Each shape of type, sent in each way, arrives equal or somebody gets an error; which of the two is told beforehand.</summary>
public sealed class CatalogueTests
{
    private static readonly Dictionary<string, Shape> Shapes = Serialization.Catalogue.Catalogue.All.ToDictionary(static shape => shape.Name);

    public static TheoryData<string> Names => [.. Shapes.Keys];

    public static TheoryData<string> Full => [.. Shapes.Values.Where(static shape => !shape.IsSparse && shape.Outcome is not Outcome.Refused).Select(static shape => shape.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public Task Equal_or_an_error_through_the_serializer(string name) => CheckAsync(Shapes[name], new SerializerRoute());

    [Theory]
    [MemberData(nameof(Names))]
    public Task Equal_or_an_error_through_a_typed_call(string name) => CheckAsync(Shapes[name], new TypedRoute());

    [Theory]
    [MemberData(nameof(Names))]
    public Task Equal_or_an_error_through_an_untyped_call(string name) => CheckAsync(Shapes[name], new DynamicRoute());

    [Fact]
    public void The_catalogue_is_as_large_as_it_says()
    {
        Shapes.Count.Should().BeGreaterThanOrEqualTo(250);
        DocumentedExceptions.All.Should().OnlyContain(exception => Shapes.Values.Any(shape => shape.Exception == exception), "each exception is shown");
    }

    [Fact]
    public void The_page_about_values_lists_the_documented_exceptions_and_no_others()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Gaw.sln")))
        {
            folder = folder.Parent;
        }

        string page = File.ReadAllText(Path.Combine(folder!.FullName, "src/docs/values.md"));
        string[] rows = [.. page.Split("| what | what becomes of it |\n|---|---|\n")[1].Split('\n').TakeWhile(static line => line.StartsWith('|'))];

        rows.Should().Equal(DocumentedExceptions.All.Select(static exception => $"| {exception.What} | {exception.Sentence} |"));
    }

    [Theory]
    [MemberData(nameof(Full))]
    public void A_sample_differs_from_its_default_in_every_field(string name) => Defaults.FirstIn(Shapes[name].Make()).Should().BeNull("what is lost would look the same");

    /// <summary>What holds in a program that compiles while it runs, holds in one that cannot: in a process of its own, as the switch belongs to the process.</summary>
    [Fact]
    public async Task Equal_or_an_error_where_nothing_is_compiled_at_run_time()
    {
        if (!RuntimeFeature.IsDynamicCodeSupported)
        {
            return;
        }

        string program = typeof(CatalogueTests).Assembly.Location;
        string settings = Path.Combine(Path.GetTempPath(), $"gaw-{Guid.NewGuid():N}.runtimeconfig.json");
        JsonNode config = JsonNode.Parse(await File.ReadAllTextAsync(Path.ChangeExtension(program, ".runtimeconfig.json"), TestContext.Current.CancellationToken))!;
        config["runtimeOptions"]!["configProperties"]!["System.Runtime.CompilerServices.RuntimeFeature.IsDynamicCodeSupported"] = false;
        await File.WriteAllTextAsync(settings, config.ToJsonString(), TestContext.Current.CancellationToken);
        try
        {
            ProcessStartInfo start = new("dotnet", ["exec", "--runtimeconfig", settings, program, "-class", typeof(CatalogueTests).FullName!, "-noColor"]) { RedirectStandardOutput = true };
            using Process process = Process.Start(start)!;
            string said = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);

            process.ExitCode.Should().Be(0, said);
        }
        finally
        {
            File.Delete(settings);
        }
    }

    private static async Task CheckAsync(Shape shape, Route route)
    {
        Exception? refusal = await RefusalAsync(shape, route);
        switch (shape.Outcome)
        {
            case Outcome.Equal or Outcome.Documented:
                refusal.Should().BeNull();
                break;
            case Outcome.OneWay:
                refusal.Should().NotBeNull("it cannot be read");
                Plain(refusal!.Message).Should().Contain(Plain(shape.Refusal), "the member is named");
                refusal.Message.Should().Contain("constructor", "the remedies are named");
                Exception? given = await RefusalAsync(shape, new GivenRoute());
                given.Should().NotBeNull("it cannot be read as a result either");
                Plain(given!.Message).Should().Contain(Plain(shape.Refusal));
                break;
            case Outcome.Refused:
                refusal.Should().NotBeNull("it cannot be sent");
                refusal!.Message.Should().Contain(shape.Refusal);
                break;
            default:
                throw new InvalidOperationException($"{shape.Outcome}?");
        }
    }

    /// <summary>A member may be named as it stands in C# or on the wire.</summary>
    private static string Plain(string text) => text.Replace("_", "", StringComparison.Ordinal).ToUpperInvariant();

    /// <summary>What was said; anything but a refusal is let through.</summary>
    private static async Task<Exception?> RefusalAsync(Shape shape, Route route)
    {
        try
        {
            await shape.RunAsync(route);
            return null;
        }
        catch (Exception e) when (e is GawException or ArgumentException)
        {
            return e;
        }
    }
}
