using Gaw.Json;
using Gaw.JsonWeb.Envelopes;
using Gaw.JsonWeb.Server;
using Gaw.JsonWeb.Streams;
using Gaw.Scheduling;
using Gaw.Shared;

namespace Gaw.JsonWeb.Reports;

/// <summary>
/// Sends what the method of one call says of its progress: the first state at once, then the newest at most once in a period, the last one in front of the reply, and nothing behind it.
/// A tight loop of reports costs the method next to nothing, and its peer twenty small messages a second.
/// </summary>
internal sealed class ReportSender(JsonWebServer server, CallReply reply) : ReportSink
{
    /// <summary>No report leaves sooner after another.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromMilliseconds(50);

    private readonly Lock _gate = new();
    private ReportSource? _source;
    private ITimer? _timer;

    /// <summary>A report has left within the period.</summary>
    private bool _isPausing;

    private bool _isClosed;

    public override void OnReport(ReportSource source)
    {
        lock (_gate)
        {
            _source = source;
            if (_isClosed || _isPausing)
            {
                return;
            }

            // In front of the writing, which runs code of the service: that may report something itself.
            _isPausing = true;
            Send(source);
            Pause();
        }
    }

    /// <summary>The call is about to be answered: what is new leaves first.</summary>
    public void Close()
    {
        lock (_gate)
        {
            if (!_isClosed && _source is { HasNew: true } source)
            {
                Send(source);
            }

            _isClosed = true;
            _timer?.Dispose();
        }
    }

    private void OnTick()
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return;
            }

            _isPausing = _source is { HasNew: true };
            if (!_isPausing)
            {
                return;
            }

            // A peer that does not read gets the newest state when it does.
            if (!reply.Channel.IsFull)
            {
                Send(_source!);
            }

            Pause();
        }
    }

    private void Pause()
    {
        if (!_isClosed)
        {
            _timer ??= Background.CreateTimer(server.PostOffice.Options.TimeProvider, static self => ((ReportSender)self!).OnTick(), this, Timeout.InfiniteTimeSpan);
            _timer.Change(Period, Timeout.InfiniteTimeSpan);
        }
    }

    private void Send(ReportSource source)
    {
        JsonWriter writer = reply.Channel.Begin();
        try
        {
            ResponseWriter.BeginResult(writer, reply.Id.Text);
            writer.MaxLength = Math.Max(writer.Length, writer.Length + reply.Channel.GetMetaRoom(writer) - StreamMeta.MaxSentBytes);
            source.WriteNewest(writer);
            writer.MaxLength = int.MaxValue;
            ResponseWriter.End(writer);
        }
        catch (Exception e)
        {
            // Said once: the method goes on, and what it would report next fails as well.
            writer.Dispose();
            _isClosed = true;
            server.Log.CannotReport(reply.Path, e);
            return;
        }

        reply.Channel.End(writer, inOrder: false, ReportMeta.OfReport);
        reply.Channel.Flush();
    }
}
