using System.Collections.Concurrent;
using Gaw.Json;
using Gaw.Nats.Engine;
using Gaw.Nats.Server.Requests;
using Gaw.Nats.Wire;
using Gaw.PostOffice;
using Gaw.PostOffice.Protection;
using Gaw.Scheduling;
using Microsoft.Extensions.Logging;

namespace Gaw.Nats.Server;

/// <summary>What leaves a worker. Where the engine takes no more for a moment, the worker reads no further until it does.</summary>
internal sealed class Outbox(NatsLink link, TimeProvider time, ILogger log)
{
    /// <summary>So many bytes may wait for the engine to take them.</summary>
    private const long MaxWaitingBytes = 16 * 1024 * 1024;

    /// <summary>The reading loop waits so long at most: an engine that goes away meanwhile must find it ready to connect again.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private readonly RecentReplies _recent = new(time);
    private readonly ConcurrentDictionary<string, bool> _owed = new(StringComparer.Ordinal);

    /// <summary>A counter: the additions pair with the read in <see cref="IsFull"/>, for which a figure that is a moment old is as good.</summary>
    private long _waiting;

    private bool IsFull => Interlocked.Read(ref _waiting) > MaxWaitingBytes;

    /// <summary>Sends the reply to a request, and takes the writer back.</summary>
    public void Reply(NatsRequest request, JsonWriter writer, IFrameProtector protector)
    {
        request.Enter();
        Memory<byte> payload = SealedMessage.Seal(writer, protector);
        if (request.Epoch == link.Epoch && link.IsOpen)
        {
            if (!request.Work.IsStream)
            {
                _recent.Add(request.ReplyTo, payload.Span);
            }

            Send(request.ReplyTo, payload, writer, request);
        }
        else
        {
            // The engine was away since the request came: its caller may not be there yet.
            Interlocked.Add(ref _waiting, payload.Length);
            SendLaterAsync(SendToReturningAsync(request.ReplyTo, payload), request.ReplyTo, payload.Length, writer, request).Forget();
        }
    }

    /// <summary>Sends what is no reply to a request, and takes the writer back.</summary>
    public void Post(string subject, JsonWriter writer, IFrameProtector protector) => Send(subject, SealedMessage.Seal(writer, protector), writer, null);

    /// <summary>A reply to this subject will be sent once more.</summary>
    public bool Owes(string subject) => _owed.ContainsKey(subject);

    /// <summary>The engine has gone away: what it may have swallowed is sent once more when it and the clients are there again.</summary>
    public void OnEngineLost()
    {
        List<RecentReply> replies = _recent.TakeAll();
        replies.ForEach(reply => _owed.TryAdd(reply.Subject, true));
        SendAgainAsync(replies).Forget();
    }

    /// <summary>Lets the loop that reads wait, where too much waits to leave.</summary>
    public ValueTask WhenRoomAsync() => IsFull ? WaitAsync() : default;

    private async ValueTask WaitAsync()
    {
        long until = Environment.TickCount64 + (long)LongestPause.TotalMilliseconds;
        while (IsFull && Environment.TickCount64 < until)
        {
            await Task.Delay(5).ConfigureAwait(false);
        }
    }

    private void Send(string subject, ReadOnlyMemory<byte> payload, JsonWriter writer, NatsRequest? request)
    {
        ValueTask sending = link.PublishAsync(subject, payload);
        if (sending.IsCompletedSuccessfully)
        {
            sending.GetAwaiter().GetResult();
            MessageWriter.Return(writer);
            request?.Leave();
        }
        else
        {
            Interlocked.Add(ref _waiting, payload.Length);
            SendLaterAsync(sending, subject, payload.Length, writer, request).Forget();
        }
    }

    private async Task SendAgainAsync(List<RecentReply> replies)
    {
        try
        {
            await link.WhenOthersAreBackAsync(CancellationToken.None).ConfigureAwait(false);
            foreach (RecentReply reply in replies)
            {
                await link.PublishAsync(reply.Subject, reply.Payload).ConfigureAwait(false);
            }
        }
        catch (Exception e)
        {
            log.NotSent("clients that were there before", e);
        }
        finally
        {
            foreach (RecentReply reply in replies)
            {
                _owed.TryRemove(reply.Subject, out _);
                reply.Return();
            }
        }
    }

    private async ValueTask SendToReturningAsync(string subject, ReadOnlyMemory<byte> payload)
    {
        await link.WhenOthersAreBackAsync(CancellationToken.None).ConfigureAwait(false);
        await link.PublishAsync(subject, payload).ConfigureAwait(false);
    }

    private async Task SendLaterAsync(ValueTask sending, string subject, int length, JsonWriter writer, NatsRequest? request)
    {
        try
        {
            await sending.ConfigureAwait(false);
        }
        catch (Exception e)
        {
            log.NotSent(subject, e);
        }
        finally
        {
            Interlocked.Add(ref _waiting, -length);
            MessageWriter.Return(writer);
            request?.Leave();
        }
    }
}
