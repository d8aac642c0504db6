using System.Text;
using Gaw.Json;

namespace Gaw.Services.Binding;

/// <summary>What does not fit about the arguments of a request, in the words of Python's <c>TypeError</c>.</summary>
internal sealed class ArgumentErrors(string path, Parameter[] parameters)
{
    private const string TypeError = "TypeError";

    /// <summary>The parameters as a signature: <c>(a: int, b: int = …)</c>.</summary>
    public string Signature { get; } = $"({string.Join(", ", parameters.AsEnumerable())})";

    public GawError Missing(int parameter) => Mismatch($"misses the argument {parameters[parameter].Name}");

    /// <param name="takes">How many can be given by position.</param>
    /// <param name="args">The arguments by position: an array.</param>
    /// <param name="limits">What reading may cost.</param>
    public GawError TooMany(int takes, ReadOnlySpan<byte> args, JsonLimits limits)
    {
        JsonReader reader = new(args, limits);
        reader.BeginArray();
        int count = 0;
        for (; reader.NextItem(); count++)
        {
            reader.Skip();
        }

        return Mismatch($"takes {takes} arguments, but {count} were given");
    }

    public GawError Unknown(JsonText name) => Mismatch($"has no argument named {ParameterNames.Shorten(name.ToString())}");

    /// <summary>An argument came by position and by name.</summary>
    public GawError GivenTwice(int parameter) => Mismatch($"got two values for the argument {parameters[parameter].Name}");

    /// <summary>An argument came under both of its names.</summary>
    public GawError SpelledTwice(int parameter) => Mismatch(
        $"got two values for the argument {parameters[parameter].Name}, which was given as {string.Join(" and as ", parameters[parameter].Utf8Names.Select(Encoding.UTF8.GetString))}");

    private GawError Mismatch(string problem) => new(TypeError, $"{path}{Signature} {problem}");
}
