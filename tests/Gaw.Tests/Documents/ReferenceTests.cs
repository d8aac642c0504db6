using System.Reflection;
using System.Text.RegularExpressions;
using Gaw.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Gaw.Tests.Documents;

/// <summary>Whatever the code, the tests and the pages refer to is there.</summary>
public sealed partial class ReferenceTests
{
    private const string Protocol = "src/PROTOCOL.md";
    private const string Architecture = "src/ARCHITECTURE.md";
    private const string Promises = "tests/README.md";

    private static readonly Lazy<IReadOnlyDictionary<string, string>> Code = new(static () =>
        Repository.Files("src", "*.cs").Concat(Repository.Files("tests", "*.cs")).ToDictionary(static file => file, Repository.Read));

    /// <summary>The pages of the project.</summary>
    private static IReadOnlyDictionary<string, string> Pages { get; } = Repository.Files(".", "*.md").ToDictionary(static file => file, Repository.Read);

    [Fact]
    public void Every_section_of_the_protocol_that_is_cited_exists()
    {
        HashSet<string> sections = [.. Section().Matches(Pages[Protocol]).Select(static match => match.Groups[1].Value)];

        Find(Code.Value.Concat(Pages), CitedSection())
            .Concat(Find(Pages.Where(static page => page.Key == Protocol), OwnSection()))
            .Where(cited => !sections.Contains(cited.Text))
            .Should().BeEmpty();
    }

    [Fact]
    public void Every_promise_that_is_named_stands_in_the_list()
    {
        HashSet<string> rows = [.. Row().Matches(Pages[Promises]).Select(static match => match.Groups["id"].Value)];
        HashSet<string> letters = [.. rows.Select(static row => row[..1])];

        rows.Should().HaveCountGreaterThan(50);
        Find(Code.Value, NameWithPromise()).SelectMany(static name => name.Text.TrimEnd('_').Split('_').Select(id => (name.File, Text: id)))
            .Concat(Find(Code.Value, CitedRows()).SelectMany(static cited => Regex.Matches(cited.Text, @"\b[A-J]\d*\b").Select(id => (cited.File, Text: id.Value))))
            .Where(cited => !rows.Contains(cited.Text) && !letters.Contains(cited.Text))
            .Should().BeEmpty();
    }

    [Fact]
    public void Every_promise_names_its_tests_or_says_that_it_is_not_tested()
    {
        Row().Matches(Pages[Promises]).Where(static row => !TestName().IsMatch(row.Groups["shown"].Value) && !row.Groups["shown"].Value.Contains("not tested", StringComparison.Ordinal))
            .Select(static row => row.Value).Should().BeEmpty();
    }

    [Fact]
    public void Every_test_that_a_promise_names_exists()
    {
        ILookup<string, string> tests = Code.Value.Values.SelectMany(static code => Class().Matches(code).Select(type => (type.Groups[1].Value, Code: code)))
            .ToLookup(static type => type.Value, static type => type.Code);

        TestName().Matches(Pages[Promises]).Where(name => !tests[name.Groups["class"].Value].Any(code => code.Contains($" {name.Groups["test"].Value}(", StringComparison.Ordinal)))
            .Select(static name => name.Value).Should().BeEmpty();
    }

    /// <summary>A word in code quotes that looks like a type, or a type and its member, is one.</summary>
    [Theory]
    [InlineData(Protocol)]
    [InlineData(Architecture)]
    [InlineData(Promises)]
    public void Every_type_and_member_that_a_page_names_exists(string page)
    {
        HashSet<string> inTests = [.. Code.Value.Values.SelectMany(static code => Class().Matches(code)).Select(static type => type.Groups[1].Value)];
        ILookup<string, Type> types = AppDomain.CurrentDomain.GetAssemblies().Append(typeof(FakeTimeProvider).Assembly).Append(typeof(Gaw.Testing.GawTestHost).Assembly).Distinct()
            .Where(static assembly => !assembly.IsDynamic).SelectMany(TypesOf).ToLookup(static type => type.Name.Split('`')[0]);
        HashSet<string> onTheWire = [.. Code.Value.Values.Append(Repository.Read("tests/Gaw.Tests/Support/vectors.json")).Append(Repository.Read("tests/Gaw.Tests/Support/peer.py"))
            .SelectMany(static text => WireName().Matches(text)).Select(static name => name.Value)];
        HashSet<string> members = [.. typeof(GawServer).Assembly.GetTypes().SelectMany(MembersOf)];

        TypeName().Matches(Pages[page]).Select(static name => (Type: name.Groups["type"].Value, Member: name.Groups["member"].Value))
            .Where(name => !name.Member.Contains('_', StringComparison.Ordinal) && !(name.Member.Length == 0
                ? types.Contains(name.Type) || members.Contains(name.Type) || inTests.Contains(name.Type) || onTheWire.Contains(name.Type)
                    || Directory.Exists(Path.Combine(Repository.Root, "src/Gaw", name.Type))
                : types[name.Type].SelectMany(MembersOf).Contains(name.Member) || Directory.Exists(Path.Combine(Repository.Root, "tests", $"{name.Type}.{name.Member}"))))
            .Distinct().Should().BeEmpty();
    }

    private static IEnumerable<(string File, string Text)> Find(IEnumerable<KeyValuePair<string, string>> files, Regex pattern) =>
        files.SelectMany(file => pattern.Matches(file.Value).Select(match => (file.Key, match.Groups[1].Value)));

    private static IEnumerable<Type> TypesOf(Assembly assembly)
    {
        try
        {
            return assembly.GetTypes();
        }
        catch (ReflectionTypeLoadException e)
        {
            return e.Types.OfType<Type>();
        }
    }

    private static IEnumerable<string> MembersOf(Type type) =>
        type.GetMembers(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static).Select(static member => member.Name);

    [GeneratedRegex(@"^#{2,3} (\d+(?:\.\d+)?)\.? ", RegexOptions.Multiline)]
    private static partial Regex Section();

    [GeneratedRegex(@"PROTOCOL(?:\.md)?,? (?:sections? )?(\d+(?:\.\d+)?)")]
    private static partial Regex CitedSection();

    [GeneratedRegex(@"sections? (\d+(?:\.\d+)?)")]
    private static partial Regex OwnSection();

    [GeneratedRegex(@"^\| (?<id>[A-J]\d+) \| .* \| (?<shown>.*) \|$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"(?:void|Task) ((?:[A-J]\d+_)+)")]
    private static partial Regex NameWithPromise();

    [GeneratedRegex(@"tests/README\.md, rows? ((?:[A-J]\d*(?:, and with it |, | and )?)+)")]
    private static partial Regex CitedRows();

    [GeneratedRegex(@"`(?<class>\w+)\.(?<test>\w+_\w+)`")]
    private static partial Regex TestName();

    [GeneratedRegex(@"\b(?:class|struct|record|interface|enum) ([A-Z]\w*)")]
    private static partial Regex Class();

    /// <summary>A name in quotes, or of a class in Python.</summary>
    [GeneratedRegex("""(?<=["'])[A-Z]\w+(?=["'])|(?<=class )[A-Z]\w+""")]
    private static partial Regex WireName();

    [GeneratedRegex(@"`(?<type>[A-Z][a-z]\w*)(?:<\w+>)?(?:\.(?<member>[A-Z]\w+))?`")]
    private static partial Regex TypeName();
}
