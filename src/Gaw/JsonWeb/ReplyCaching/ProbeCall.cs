using Gaw.Json;
using Gaw.JsonWeb.Envelopes;
using Gaw.PostOffice;
using Gaw.Shared;

namespace Gaw.JsonWeb.ReplyCaching;

/// <summary>A client's question about its server, at a reserved path. Any reply will do, also an error of a server that does not know the path: what counts is the <c>meta</c> beside it.</summary>
internal abstract class ProbeCall : PendingCall
{
    private readonly CallTarget _target;

    /// <param name="target">The reserved path.</param>
    /// <param name="clock">The client's.</param>
    /// <param name="time">How long to wait for the reply.</param>
    /// <param name="ids">Gives the question its id.</param>
    protected ProbeCall(CallTarget target, TimeProvider clock, TimeSpan time, CallIds ids)
    {
        _target = target;
        Timeout = time;
        Began = SentAt = clock.GetTimestamp();
        IdPrefix = ids.Next(out int key);
        Key = key;
    }

    public sealed override string Path => _target.Path;

    public sealed override bool TryRead(ReadOnlySpan<byte> reply) => true;

    public sealed override void TakeMeta(ReadOnlySpan<byte> meta)
    {
        JsonReader reader = new(meta, JsonLimits.Default);
        reader.BeginObject();
        while (reader.NextProperty(out JsonText name))
        {
            if (!TryTakeMember(name, ref reader))
            {
                reader.Skip();
            }
        }
    }

    /// <summary>Writes the question and sends it.</summary>
    /// <param name="send">Takes the writer over, unless it gives <see langword="false"/>.</param>
    protected bool TrySend(Func<JsonWriter, bool> send)
    {
        JsonWriter writer = RequestCarrier.RentUnlimitedWriter();
        ControlRequestWriter.WriteProbe(writer, IdPrefix, Key, _target);
        if (send(writer))
        {
            return true;
        }

        RequestCarrier.ReturnWriter(writer);
        return false;
    }

    /// <summary>Reads a member of the <c>meta</c>, if it is asked for.</summary>
    /// <returns><see langword="false"/>: it was not consumed.</returns>
    protected abstract bool TryTakeMember(JsonText name, ref JsonReader reader);
}
