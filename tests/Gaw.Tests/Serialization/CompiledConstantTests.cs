using System.Linq.Expressions;
using Gaw.Json;
using Gaw.Serialization;

namespace Gaw.Tests.Serialization;

/// <summary>Compiled code calls a converter by a local of its own class.</summary>
public sealed class CompiledConstantTests
{
    [Fact]
    public void The_local_has_the_class_of_the_object_so_that_calls_go_to_it_directly()
    {
        ValueConverter converter = new ValueSerializer().Get<int>();

        new CompiledConstant(converter).Local.Type.Should().Be(converter.GetType()).And.Match(static type => ((Type)type).IsSealed);
    }

    [Fact]
    public void A_converter_writes_by_its_local_what_it_writes_itself()
    {
        CompiledConstant constant = new(new ValueSerializer().Get<string>());
        ParameterExpression writer = Expression.Parameter(typeof(JsonWriter));
        ParameterExpression text = Expression.Parameter(typeof(string));
        Action<JsonWriter, string> write = Expression.Lambda<Action<JsonWriter, string>>(
            Expression.Block([constant.Local], constant.Load, constant.Write(writer, text)), writer, text).Compile();
        using JsonWriter document = new();

        write(document, "a\u0e01");

        document.Written.ToArray().Should().Equal("\"a\\u0e01\""u8.ToArray());
    }
}
