using System.Text;
using Gaw.JsonWeb.Server;

namespace Gaw.Tests.JsonWeb.Server;

/// <summary>Paths are found by their bytes, exactly, and are added all or none.</summary>
public sealed class RouteTableTests
{
    [Theory]
    [InlineData("shelf/find", true, "as it was added")]
    [InlineData("Shelf/find", false, "case counts")]
    [InlineData("shelf/fin", false, "a beginning is no path")]
    [InlineData("shelf/find ", false, "nor is one with more behind it")]
    [InlineData("", false, "nor is nothing")]
    [InlineData("r\u00e9gal/trouver", true, "beyond ASCII")]
    [InlineData("re\u0301gal/trouver", false, "another spelling of the same text is another path")]
    public void A_path_is_found_by_its_bytes(string path, bool isFound, string because)
    {
        RouteTable table = new();
        table.Add([Route("shelf/find"), Route("r\u00e9gal/trouver")]);

        table.TryFind(Encoding.UTF8.GetBytes(path), out RouteTable.Route? route).Should().Be(isFound, because);
        (route?.Path).Should().Be(isFound ? path : null, because);
    }

    [Fact]
    public void Of_routes_of_which_one_is_taken_none_is_added()
    {
        RouteTable table = new();
        table.Add([Route("shelf/find")]);

        FluentActions.Invoking(() => table.Add([Route("shelf/new"), Route("shelf/find")])).Should().Throw<ArgumentException>().WithMessage("*\"shelf/find\" is taken*");

        table.Paths.Should().Equal("shelf/find");
        table.TryFind("shelf/new"u8, out _).Should().BeFalse();
    }

    [Fact]
    public void Two_equal_paths_that_are_added_together_are_refused() =>
        FluentActions.Invoking(() => new RouteTable().Add([Route("shelf/find"), Route("shelf/find")])).Should().Throw<ArgumentException>();

    private static RouteTable.Route Route(string path) => new(path, null!);
}
