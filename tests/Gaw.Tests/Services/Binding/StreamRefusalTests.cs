using System.Reflection;
using System.Text;
using Gaw.Json;
using Gaw.Serialization;
using Gaw.Services;
using Gaw.Services.Binding;

namespace Gaw.Tests.Services.Binding;

/// <summary>Whether a request is refused because it has a stream where the method takes a value. Its caller then sends a list, so nothing else may be taken for that.</summary>
public sealed class StreamRefusalTests
{
    private const string Mark = "{\"_v\": 0, \"_t\": \"_gaw/stream\"}";

    private interface IMethods
    {
        int List(List<int> items);

        int Stream(IAsyncEnumerable<int> items);

        int Two(IAsyncEnumerable<int> items, int count);

        int Many(params int[] items);
    }

    [Theory]
    [InlineData("List", "[STREAM]", "{}", true, "a list takes no stream")]
    [InlineData("Stream", "[STREAM]", "{}", false, "this one does")]
    [InlineData("List", "[[1, 2]]", "{}", false, "nothing is a stream")]
    [InlineData("Two", "[STREAM, 5]", "{}", false, "it stands where one is taken")]
    [InlineData("Two", "[STREAM, STREAM]", "{}", true, "the second does not")]
    [InlineData("Two", "[]", "{\"items\": STREAM}", false, "by its name")]
    [InlineData("Two", "[]", "{\"count\": STREAM}", true, "by its name")]
    [InlineData("Two", "[]", "{\"other\": STREAM}", false, "there is no such argument: that is the mistake to tell")]
    [InlineData("List", "[[1], STREAM]", "{}", false, "there is no such place: that is the mistake to tell")]
    [InlineData("Many", "[1, 2, STREAM]", "{}", true, "each further argument belongs to the last parameter")]
    [InlineData("List", "[[STREAM]]", "{}", false, "only an argument itself is a stream")]
    [InlineData("List", "[{\"_t\": \"_gaw/stream\", \"_v\": 0}]", "{}", true, "in either order")]
    public void Only_a_stream_in_the_place_of_a_value_is_refused(string method, string args, string kwargs, bool isRefused, string why)
    {
        ValueSerializer serializer = new();
        MethodInfo info = typeof(IMethods).GetMethod(method)!;
        Parameter[] parameters = [.. info.GetParameters().Select(parameter => new Parameter(parameter, serializer))];

        StreamRefusal.Is(parameters, Json(args), Json(kwargs), JsonLimits.Default).Should().Be(isRefused, why);
    }

    private static byte[] Json(string text) => Encoding.UTF8.GetBytes(text.Replace("STREAM", Mark, StringComparison.Ordinal));
}
