using System.Diagnostics;
using System.Text;
using Gaw.Json;
using Gaw.JsonWeb.Envelopes;

namespace Gaw.Tests.JsonWeb;

/// <summary>The texts of a request: the caller's own and those of its trace.</summary>
public sealed class HeaderWriterTests
{
    [Fact]
    public void Without_a_trace_the_callers_own_texts_stand_alone_and_nothing_is_written_for_none()
    {
        Written(null).Should().Be("{}");
        Written(new() { ["tenant"] = "north" }).Should().Be("""{"headers": {"tenant": "north"}}""");
    }

    [Fact]
    public void The_current_activity_follows_the_callers_own_texts()
    {
        using Activity own = new Activity("the program's own").SetIdFormat(ActivityIdFormat.W3C).Start();
        string context = $"\"traceparent\": \"00-{own.TraceId}-{own.SpanId}-00\"";

        Written(null).Should().Be("{\"headers\": {" + context + "}}");
        Written(new() { ["tenant"] = "north" }).Should().Be("{\"headers\": {\"tenant\": \"north\", " + context + "}}");
    }

    [Fact]
    public void A_text_that_the_caller_has_set_itself_is_not_replaced_by_the_traces()
    {
        using Activity own = new Activity("the program's own").SetIdFormat(ActivityIdFormat.W3C).Start();

        Written(new() { ["traceparent"] = "mine" }).Should().Be("""{"headers": {"traceparent": "mine"}}""");
    }

    [Fact]
    public void A_text_that_cannot_be_sent_is_refused_and_the_next_request_is_whole()
    {
        using Activity own = new Activity("the program's own").SetIdFormat(ActivityIdFormat.W3C).Start();

        FluentActions.Invoking(() => Written(new() { [""] = "x" })).Should().Throw<GawSerializationException>().WithMessage("*empty name*");

        Written(new() { ["traceparent"] = "mine" }).Should().Be("""{"headers": {"traceparent": "mine"}}""");
    }

    private static string Written(Dictionary<string, string>? own)
    {
        using JsonWriter writer = new();
        writer.BeginObject();
        HeaderWriter.Write(writer, own);
        writer.EndObject();
        return Encoding.UTF8.GetString(writer.Written);
    }
}
