using Gaw.PostOffice.Client.Matching;
using Gaw.PostOffice.Client.Reading;

namespace Gaw.Tests.PostOffice.Client;

/// <summary>Who reads the replies of a connection, by table: what happens, and what each thread does then.</summary>
public sealed class ReaderRoleTests
{
    /// <summary>
    /// Events, and after "=" the action: send (a call of a caller that awaits), sendS (of a synchronous one), wait (a synchronous caller that may read), waitT (one that hears a token), left (the reader has
    /// its reply), gone (a waiting caller has its reply); kept (the code of a result's type keeps whoever reads); quiet (the thread has received nothing for a while), unwanted (it was parked for a while); idle, idleA (the thread has taken all, the last reply was for a synchronous, an asynchronous caller). Open calls stand in brackets: [S] one synchronous, [+] others.
    /// </summary>
    [Theory]
    [InlineData("sendS=None wait=Read left=None", "a caller that is alone reads by itself, and nobody has to afterwards")]
    [InlineData("sendS=None wait=Read sendS=None wait=None left[S]=Offer wait=Read left=None", "a second one waits, and is offered the reading by the first")]
    [InlineData("sendS=None wait=Read sendS=None wait=None sendS=None wait=None left[+]=Start wait=None gone[S]=None", "a thread reads for several")]
    [InlineData("send=Start send=None idle[+]=Read", "who awaits needs a thread, which reads while calls are open")]
    [InlineData("send=Start idleA=Read send=None", "after asynchronous calls it goes on to receive: the next will be one, too")]
    [InlineData("send=Start sendS=None wait=None gone=None idle=Park", "after a synchronous call it steps aside")]
    [InlineData("send=Start idle=Park sendS=None wait=Read left=None", "so that the next caller that is alone can read")]
    [InlineData("send=Start idle=Park send=Wake idleA=Read", "a call that awaits wakes it")]
    [InlineData("send=Start idle=Park sendS=None wait=Read send=None left[+]=Wake", "so does a reader that leaves such a call behind")]
    [InlineData("send=Start idle=Park waitT=Wake", "and a caller that cannot be woken from a receive")]
    [InlineData("sendS=None waitT=Start wait=None", "a caller that hears a token does not block in a receive")]
    [InlineData("sendS=None wait=Read left[S]=Offer gone[S]=Offer wait=Read", "an offer that came too late for its caller is passed on")]
    [InlineData("sendS=None wait=Read left[S]=Offer gone=None sendS=None wait=Read", "or forgotten where nobody is left")]
    [InlineData("sendS=None wait=Read left[S]closed=None", "when the connection has ended nobody reads")]
    [InlineData("sendS=None wait=Read left[+]closed=None", "nor is a thread started")]
    [InlineData("send=Start idle must=Read", "inside TLS, and after the end, the thread does not park")]
    [InlineData("send=Start sendS=None wait=None gone[+]=None", "the thread reads already")]
    [InlineData("send=Start idleA=Read quiet=End send=Start", "a thread that nobody needs ends, and the next call that awaits starts another")]
    [InlineData("send=Start idleA=Read quiet=End sendS=None wait=Read left=None", "or its caller reads by itself")]
    [InlineData("send=Start idleA=Read quiet[+]=Read send=None", "a call that was sent in this moment keeps the thread")]
    [InlineData("send=Start idleA=Read quietmust=Read", "so does a connection whose end can only be read")]
    [InlineData("send=Start idle=Park unwanted=End send=Start", "nor is a parked thread kept for ever")]
    [InlineData("send=Start idle=Park send=Wake unwanted=Read idleA=Read", "unless it was woken in this moment")]
    [InlineData("sendS=None wait=Read kept=Start sendS=None wait=None idle=Park", "where the type of a result keeps the caller that reads, a thread reads on")]
    [InlineData("send=Start idle=Park sendS=None wait=Read kept=Wake send=None", "the parked one, if there is one")]
    [InlineData("send=Start kept=Start send=None", "and another where it keeps the thread")]
    public void One_thread_reads_and_a_caller_that_is_alone_does_it_by_itself(string story, string because)
    {
        ReaderRole role = new();
        foreach (string step in story.Replace("idle must", "idlemust", StringComparison.Ordinal).Split(' '))
        {
            string happens = step[..step.IndexOf('=', StringComparison.Ordinal)];
            OpenCalls open = happens.Contains("[S]", StringComparison.Ordinal) ? OpenCalls.OneSynchronous : happens.Contains("[+]", StringComparison.Ordinal) ? OpenCalls.Others : OpenCalls.None;
            bool isClosed = happens.EndsWith("closed", StringComparison.Ordinal);
            ReaderAction action = happens.Split('[')[0] switch
            {
                "send" => role.OnSend(isSynchronous: false),
                "sendS" => role.OnSend(isSynchronous: true),
                "wait" => role.OnWait(mayRead: true),
                "waitT" => role.OnWait(mayRead: false),
                "left" => role.OnReaderLeft(open, isClosed),
                "gone" => role.OnCallerLeft(open, isClosed),
                "idle" => role.OnThreadIdle(open != OpenCalls.None, lastWasSynchronous: true, mustRead: false),
                "idleA" => role.OnThreadIdle(open != OpenCalls.None, lastWasSynchronous: false, mustRead: false),
                "quiet" => role.OnThreadQuiet(open != OpenCalls.None, mustRead: false),
                "quietmust" => role.OnThreadQuiet(open != OpenCalls.None, mustRead: true),
                "unwanted" => role.OnThreadUnwanted(),
                "kept" => role.OnReaderKept(),
                "idlemust" => role.OnThreadIdle(open != OpenCalls.None, lastWasSynchronous: true, mustRead: true),
                _ => throw new InvalidOperationException(happens),
            };

            action.ToString().Should().Be(step[(happens.Length + 1)..], $"{because} ({step} in {story})");
        }
    }

    [Fact]
    public void The_reading_is_free_only_while_nobody_has_it()
    {
        ReaderRole role = new();
        role.IsFree.Should().BeTrue();
        role.OnWait(mayRead: true);
        role.IsFree.Should().BeFalse();
        role.OnReaderLeft(OpenCalls.OneSynchronous, isClosed: false);
        role.IsFree.Should().BeTrue("an offer is not taken yet, so a call that awaits may start the thread");
        role.OnSend(isSynchronous: false).Should().Be(ReaderAction.Start);
        role.IsFree.Should().BeFalse();
    }
}
