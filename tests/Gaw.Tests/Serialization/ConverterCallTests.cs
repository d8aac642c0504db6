using System.Linq.Expressions;
using Gaw.Json;
using Gaw.Serialization;

namespace Gaw.Tests.Serialization;

/// <summary>Compiled code calls a converter as its own class.</summary>
public sealed class ConverterCallTests
{
    private delegate string? TextReader(ref JsonReader reader);

    [Fact]
    public void Compiled_code_writes_and_reads_what_the_converter_does()
    {
        ValueConverter converter = new ValueSerializer().Get<string>();
        ParameterExpression writer = Expression.Parameter(typeof(JsonWriter));
        ParameterExpression text = Expression.Parameter(typeof(string));
        ParameterExpression reader = Expression.Parameter(typeof(JsonReader).MakeByRefType());
        Action<JsonWriter, string> write = Expression.Lambda<Action<JsonWriter, string>>(ConverterCall.Write(converter, writer, text), writer, text).Compile();
        TextReader read = Expression.Lambda<TextReader>(ConverterCall.Read(converter, reader), reader).Compile();
        using JsonWriter document = new();

        write(document, "a\u0e01");
        JsonReader written = new(document.Written, JsonLimits.Default);

        document.Written.ToArray().Should().Equal("\"a\\u0e01\""u8.ToArray());
        read(ref written).Should().Be("a\u0e01");
    }
}
