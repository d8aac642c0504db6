using Gaw.Nats.Wire;

namespace Gaw.Nats.Tests.Wire;

public sealed class NatsSubjectsTests
{
    private static readonly NatsSubjects Subjects = new("gaw");

    [Theory]
    [InlineData("stock/find", "gaw.stock.find")]
    [InlineData("odd name!/weird.method", "gaw.odd%20name%21.weird%2Emethod")]
    [InlineData("a/b/c", "gaw.a%2Fb.c")]
    [InlineData("ไทย/x", "gaw.%E0%B9%84%E0%B8%97%E0%B8%A2.x")]
    [InlineData("$w/x", "gaw.%24w.x")]
    [InlineData("*/>", "gaw.%2A.%3E")]
    [InlineData("/x", "gaw.%.x")]
    [InlineData("s/", "gaw.s.%")]
    public void A_path_has_one_subject_and_a_subject_one_path(string path, string subject)
    {
        Subjects.Call(path).Should().Be(subject);
        Subjects.GetPath(subject).Should().Be(path);
        Subjects.CallWithStreams(path).Should().Be(subject.Replace("gaw.", "gaw.$s.", StringComparison.Ordinal));
        Subjects.GetPath(Subjects.CallWithStreams(path)).Should().Be(path, "the method is the same");
    }

    [Theory]
    [InlineData("gaw.stock", "it has no method")]
    [InlineData("gaw.stock.find.more", "it has a token too many")]
    [InlineData("other.stock.find", "it has another prefix")]
    [InlineData("gawx.stock.find", "it has another prefix")]
    [InlineData("gaw.$w.abc", "it belongs to a worker")]
    [InlineData("gaw.$.stock", "it belongs to all workers")]
    [InlineData("gaw.$s.stock", "it has no method")]
    [InlineData("gaw.$s.stock.find.more", "it has a token too many")]
    [InlineData("gaw.$s._gaw.stock", "it is what workers say of themselves")]
    [InlineData("gaw._gaw.stock", "it is what workers say of themselves")]
    [InlineData("gaw.st%6Fck.find", "a letter is not escaped: a path has one spelling")]
    [InlineData("gaw.a%2fb.c", "digits are written large")]
    [InlineData("gaw.a%2.c", "half an escape")]
    [InlineData("gaw.%FF.c", "no UTF-8")]
    public void Any_other_subject_has_no_path(string subject, string because) => Subjects.GetPath(subject).Should().BeNull(because);

    [Theory]
    [InlineData("gaw", true)]
    [InlineData("shop.north-1", true)]
    [InlineData("", false)]
    [InlineData("a..b", false)]
    [InlineData("a b", false)]
    [InlineData("a.>", false)]
    public void A_prefix_is_one_or_several_tokens(string prefix, bool isOne) => NatsSubjects.IsPrefix(prefix).Should().Be(isOne);

    [Fact]
    public void The_inbox_of_a_reply_is_that_of_its_client()
    {
        string reply = NatsSubjects.Reply("_INBOX.gaw.c.", 42);

        reply.Should().Be("_INBOX.gaw.c.000000042");
        NatsSubjects.InboxOf(reply).Should().Be("_INBOX.gaw.c.");
    }
}
