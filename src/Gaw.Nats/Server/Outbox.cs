using Gaw.Json;
using Gaw.Nats.Engine;
using Gaw.Nats.Wire;
using Gaw.PostOffice;
using Gaw.PostOffice.Protection;
using Gaw.PostOffice.Scheduling;
using Microsoft.Extensions.Logging;

namespace Gaw.Nats.Server;

/// <summary>What leaves a worker. Where the engine takes no more for a moment, the worker reads no further until it does.</summary>
internal sealed class Outbox(NatsLink link, ILogger log)
{
    /// <summary>So many bytes may wait for the engine to take them.</summary>
    private const long MaxWaitingBytes = 16 * 1024 * 1024;

    /// <summary>The reading loop waits so long at most: an engine that goes away meanwhile must find it ready to connect again.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private long _waiting;

    private bool IsFull => Interlocked.Read(ref _waiting) > MaxWaitingBytes;

    /// <summary>Sends the reply to a request, and takes the writer back.</summary>
    public void Reply(NatsRequest request, JsonWriter writer, IFrameProtector protector)
    {
        request.Enter();
        Send(request.ReplyTo, SealedMessage.Seal(writer, protector), writer, request);
    }

    /// <summary>Sends what is no reply to a request, and takes the writer back.</summary>
    public void Post(string subject, JsonWriter writer, IFrameProtector protector) => Send(subject, SealedMessage.Seal(writer, protector), writer, null);

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
        ValueTask sending;
        try
        {
            sending = link.PublishAsync(subject, payload);
        }
        catch (Exception e)
        {
            sending = ValueTask.FromException(e);
        }

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
