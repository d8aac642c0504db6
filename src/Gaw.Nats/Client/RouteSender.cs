using System.Globalization;
using Gaw.Json;
using Gaw.Nats.Engine;
using Gaw.Nats.Wire;
using Gaw.PostOffice;
using Gaw.PostOffice.Protection;
using Gaw.Scheduling;

namespace Gaw.Nats.Client;

/// <summary>What leaves a client: calls, questions, cancellations. The writers are given back once the engine's client has taken what is in them.</summary>
/// <param name="link">The engine.</param>
/// <param name="target">The subjects.</param>
/// <param name="protector">Seals it.</param>
/// <param name="notSent">Is told of a call that could not be sent, by its key.</param>
internal sealed class RouteSender(NatsLink link, NatsTarget target, IFrameProtector protector, Action<PendingCall, int, Exception> notSent)
{
    /// <summary>Sends a call that was sealed.</summary>
    public void Send(PendingCall call, string subject, ReadOnlyMemory<byte> payload, JsonWriter writer, bool mayWait)
    {
        string replyTo = NatsSubjects.Reply(link.InboxPrefix, call.Key);
        Publish(call, call.Key, subject, payload, writer, mayWait ? replyTo + NatsSubjects.WaitsMark : replyTo);
    }

    /// <summary>Asks who has calls, or whether a worker still has them.</summary>
    public void Ask(Question question)
    {
        JsonWriter writer = MessageWriter.Rent(int.MaxValue);
        ControlMessage.WriteQuestion(writer, question.Keys);
        string subject = question.Everybody ?? target.Subjects.Worker(question.Worker!);
        Post(subject, writer, string.Create(CultureInfo.InvariantCulture, $"{link.InboxPrefix}{NatsSubjects.QuestionToken}{question.Number}"));
    }

    /// <summary>Asks for a call to be stopped.</summary>
    public void Cancel(OpenCall open)
    {
        JsonWriter writer = MessageWriter.Rent(int.MaxValue);
        if (!link.IsOpen || !open.Call.TryWriteCancellation(writer, out _))
        {
            MessageWriter.Return(writer);
            return;
        }

        Tell(open, writer);
    }

    /// <summary>Says something about a call to the worker that has it, or to all that may. The subject of the call's reply names the call also where it has not been read yet.</summary>
    public void Tell(OpenCall open, JsonWriter writer)
    {
        string subject = open.Worker is { } worker ? target.Subjects.Worker(worker.Name) : open.Target.Everybody;
        Post(subject, writer, NatsSubjects.Reply(link.InboxPrefix, open.Key));
    }

    private void Post(string subject, JsonWriter writer, string replyTo) => Publish(null, 0, subject, SealedMessage.Seal(writer, protector), writer, replyTo);

    private void Publish(PendingCall? call, int key, string subject, ReadOnlyMemory<byte> payload, JsonWriter writer, string replyTo)
    {
        ValueTask publishing = link.PublishAsync(subject, payload, replyTo);
        if (publishing.IsCompletedSuccessfully)
        {
            publishing.GetAwaiter().GetResult();
            MessageWriter.Return(writer);
        }
        else
        {
            PublishLaterAsync(publishing, call, key, writer).Forget();
        }
    }

    private async Task PublishLaterAsync(ValueTask publishing, PendingCall? call, int key, JsonWriter writer)
    {
        try
        {
            await publishing.ConfigureAwait(false);
        }
        catch (Exception e)
        {
            if (call is not null)
            {
                notSent(call, key, e);
            }
        }
        finally
        {
            MessageWriter.Return(writer);
        }
    }
}
