using Gaw.Json;
using Gaw.JsonWeb.Envelopes;
using Gaw.JsonWeb.Reports;
using Gaw.Scheduling;

namespace Gaw.JsonWeb.Client;

/// <content>The reports of the method's progress, which come as parts beside the result.</content>
internal abstract partial class OutgoingCall
{
    /// <summary>For a synchronous caller whose call has ended: a report that is being told is told before it goes on.</summary>
    public void WaitForReports()
    {
        if (Reports is not { } reports || !EndsWithReply(Error))
        {
            return;
        }

        using ManualResetEventSlim told = new();
        if (!reports.TryEnd(told.Set))
        {
            using (BlockingWait.Enter())
            {
                told.Wait();
            }
        }
    }

    /// <summary>A report is one.</summary>
    public override bool IsState(ReadOnlySpan<byte> meta) => Reports is not null && ReportMeta.IsReport(meta, Limits);

    protected override void WakeForPart(bool inline) => Reports?.Tell(inline, ReportFailed);

    /// <summary>A report that is being told is told before the call ends with its reply. One that ends without is not held up.</summary>
    protected override bool DefersEnd(Exception? error)
    {
        if (Reports is { } reports && EndsWithReply(error))
        {
            // A synchronous caller may be the one who reads, so it has to see the end. It waits itself.
            return !IsSynchronous && !reports.TryEnd(() => End(error, inline: false));
        }

        Reports?.Stop();
        return false;
    }

    /// <summary>What cannot be read, and what the caller's code throws, is not the call's: it is logged.</summary>
    private bool TryReadReport(ReadOnlySpan<byte> reply)
    {
        if (Reports is null)
        {
            return false;
        }

        try
        {
            if (!ResponseReader.TryReadAnyForm(reply, out Response response) || !response.Succeeded)
            {
                return false;
            }

            JsonReader payload = new(response.Payload, Limits);
            Reports.Read(ref payload);
        }
        catch (JsonFormatException e) when (e.Fault == JsonFault.Syntax)
        {
            return false;
        }
        catch (Exception e)
        {
            ReportFailed(e);
        }

        return true;
    }

    private static bool EndsWithReply(Exception? error) => error is null or GawRemoteException or GawSerializationException;

    private void ReportFailed(Exception e) => SentOn?.ContinuationFailed(new InvalidOperationException($"What {Path} reports of its progress could not be taken: {e.Message}", e));
}
