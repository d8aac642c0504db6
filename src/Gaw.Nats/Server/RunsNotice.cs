using Gaw.Json;
using Gaw.Nats.Wire;
using Gaw.PostOffice;
using Gaw.PostOffice.Protection;

namespace Gaw.Nats.Server;

/// <summary>What a worker says of the calls that it has: "I have it".</summary>
internal static class RunsNotice
{
    /// <summary>Tells a caller by itself that its call is here.</summary>
    /// <param name="worker">The worker.</param>
    /// <param name="reply">The subject of the call's reply.</param>
    /// <param name="key">The call's.</param>
    /// <param name="protector">Seals it.</param>
    public static void PostTaken(Worker worker, string reply, int key, IFrameProtector protector) => Post(worker, NatsSubjects.InboxOf(reply) + NatsSubjects.TakenToken, [key], protector);

    public static void Post(Worker worker, string subject, IEnumerable<int> keys, IFrameProtector protector)
    {
        foreach (int[] some in keys.Chunk(ControlMessage.MaxKeys).DefaultIfEmpty([]))
        {
            JsonWriter writer = MessageWriter.Rent(int.MaxValue);
            ControlMessage.WriteRuns(writer, worker.Name, some);
            worker.Outbox.Post(subject, writer, protector);
        }
    }
}
