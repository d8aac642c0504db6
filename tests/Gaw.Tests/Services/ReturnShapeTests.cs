using Gaw.Services;

namespace Gaw.Tests.Services;

/// <summary>What a method gives, by its return type.</summary>
public sealed class ReturnShapeTests
{
    [Theory]
    [InlineData(typeof(void), "Value", typeof(void), false)]
    [InlineData(typeof(int), "Value", typeof(int), false)]
    [InlineData(typeof(List<int>), "Value", typeof(List<int>), false)]
    [InlineData(typeof(Task), "Task", typeof(void), true)]
    [InlineData(typeof(ValueTask), "ValueTask", typeof(void), true)]
    [InlineData(typeof(Task<string>), "TaskOf", typeof(string), true)]
    [InlineData(typeof(ValueTask<int?>), "ValueTaskOf", typeof(int?), true)]
    [InlineData(typeof(Task<Task<int>>), "TaskOf", typeof(Task<int>), true)]
    public void A_return_type_has_one_shape(Type returned, string kind, Type result, bool isAsync)
    {
        ReturnShape shape = ReturnShape.Of(returned);

        shape.Kind.ToString().Should().Be(kind);
        shape.Result.Should().Be(result);
        shape.IsAsync.Should().Be(isAsync);
    }
}
