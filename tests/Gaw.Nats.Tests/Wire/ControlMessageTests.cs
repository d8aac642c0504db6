using System.Text;
using Gaw.Json;
using Gaw.Nats.Wire;

namespace Gaw.Nats.Tests.Wire;

public sealed class ControlMessageTests
{
    [Fact]
    public void A_question_is_read_as_it_was_written()
    {
        using JsonWriter writer = new();
        ControlMessage.WriteQuestion(writer, [1, 999_999_999, 0]);

        Encoding.UTF8.GetString(writer.Written).Should().Be("{\"ask\": [1, 999999999, 0]}");
        ControlMessage.LooksLikeQuestion(writer.Written).Should().BeTrue();
        ControlMessage.ReadQuestion(writer.Written).Should().Equal(1, 999_999_999, 0);
    }

    [Fact]
    public void A_notice_is_read_as_it_was_written()
    {
        using JsonWriter writer = new();
        ControlMessage.WriteRuns(writer, "w1", [3]);

        Encoding.UTF8.GetString(writer.Written).Should().Be("{\"worker\": \"w1\", \"runs\": [3]}");
        ControlMessage.ReadRuns(writer.Written, out string worker).Should().Equal(3);
        worker.Should().Be("w1");
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[1]")]
    [InlineData("{\"runs\": [1]}")]
    [InlineData("{\"worker\": 5, \"runs\": [1]}")]
    [InlineData("{\"worker\": \"w\", \"runs\": 1}")]
    [InlineData("{\"worker\": \"w\", \"runs\": [1]")]
    [InlineData("{\"worker\": \"w\", \"runs\": [1]} x")]
    public void What_is_no_notice_is_not_taken_for_one(string document) => ControlMessage.ReadRuns(Encoding.UTF8.GetBytes(document), out _).Should().BeNull();

    [Fact]
    public void Keys_that_are_none_are_passed_over() =>
        ControlMessage.ReadQuestion("{\"ask\": [1, \"2\", -3, 4.5, 99999999999999999999, null, [5], 6], \"more\": {}}"u8).Should().Equal(1, 6);
}
