using System.Text.Json;

namespace Gaw.Shared;

/// <summary>Names of C# as they stand on the wire: <c>OrderId</c> is <c>order_id</c>. The generator has the same in its own words.</summary>
internal static class SnakeCase
{
    public static string Of(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
}
