using System.Runtime.ExceptionServices;
using Gaw.Json;
using Gaw.JsonWeb.Client;
using Gaw.JsonWeb.Envelopes;
using Gaw.PostOffice;
using Gaw.Serialization.Streams;
using Gaw.Serialization.Types;
using Gaw.Shared;

namespace Gaw.JsonWeb.Streams.Receiving;

/// <summary>One attempt of a call whose result comes in parts: read as they come, and kept until their one consumer takes them.</summary>
internal sealed class StreamCall<T> : OutgoingCall
{
    private static readonly bool IsForeign = ForeignTypes.MayRun(typeof(T));

    private readonly ItemsReader<T> _reader;
    private readonly PartBuffer<T> _parts;
    private readonly StreamTerms _terms;

    /// <summary>What the reply says that is being read; of the thread that reads it.</summary>
    private StreamTotals? _said;

    /// <summary>A part of the result has come: it is more than a list.</summary>
    private bool _hasItems;

    public StreamCall(CallTarget target, ItemsConverter<T> converter, JsonLimits limits, CallIds ids, StreamTerms terms, TimeSpan timeout, long began)
    {
        _terms = terms;
        _parts = new PartBuffer<T>(terms.Window, terms.LargestItem);
        _reader = new ItemsReader<T>(converter, target.Path, limits, ReadFailure);
        Watch = new StreamWatch(this, terms, Renew);
        TakesParts = true;
        Begin(target, limits, ids, timeout, began);
    }

    /// <inheritdoc/>
    public override bool ReadsForeignTypes => IsForeign || Reports is not null;

    /// <inheritdoc/>
    public override (long Items, long Bytes) Window => (_terms.Window.Items, _terms.Window.Bytes);

    /// <summary>The server gives the result in parts; written by the thread that reads, before the part is handed over with a lock.</summary>
    public bool IsInParts { get; private set; }

    /// <inheritdoc cref="PartBuffer{T}.HasItems"/>
    public bool HasItems => _parts.HasItems;

    /// <summary>The call has ended, and all its items were taken.</summary>
    public bool IsOver => _parts.IsOver;

    private int IdLength => IdPrefix.Length + CallIds.KeyDigits;

    /// <inheritdoc cref="PartBuffer{T}.WhenMoreAsync"/>
    public ValueTask WhenMoreAsync() => _parts.WhenMoreAsync();

    /// <summary>Takes the next items. What was taken before is used up, and its sender may send as much again.</summary>
    /// <param name="taken">Where the items taken before end.</param>
    /// <returns><see langword="null"/>: nothing is there.</returns>
    public List<T>? TryTake(ref StreamTotals? taken)
    {
        List<T>? items = _parts.TryTake(ref taken, out StreamTotals? limit);
        if (limit is { } raised)
        {
            Tell(raised);
        }

        return items;
    }

    /// <summary>The call has ended.</summary>
    /// <exception cref="Exception">Not with its last item.</exception>
    public void ThrowIfFailed()
    {
        if (Error is { } error)
        {
            ExceptionDispatchInfo.Throw(error is GawRemoteException && Streams?.Failure is { } own ? own : error);
        }
    }

    public override bool TryReadPart(ReadOnlySpan<byte> reply, ReadOnlySpan<byte> meta)
    {
        bool isPart = base.TryReadPart(reply, meta);

        // What the next reply does not say, it has not said.
        _said = null;
        return isPart;
    }

    public override bool TryRead(ReadOnlySpan<byte> reply)
    {
        if (_reader.Read(reply, IdLength) is not { } items)
        {
            return false;
        }

        if (_said is null && _hasItems)
        {
            throw new GawProtocolException($"The end of {Path} from {_terms.Server} does not say how much was sent, after parts that did.");
        }

        Receive(items, _said, _reader.TextBytes);
        return true;
    }

    protected override bool TryReadItems(ReadOnlySpan<byte> reply)
    {
        if (_said is not { } sent || _reader.Read(reply, IdLength) is not { } items)
        {
            return false;
        }

        OnHeard();
        _hasItems = true;
        Receive(items, sent, _reader.TextBytes);
        return true;
    }

    protected override void WakeForPart(bool inline)
    {
        base.WakeForPart(inline);
        _parts.Wake(inline, isOver: false);
    }

    /// <summary>The carrier has chosen the thread already.</summary>
    protected override void Continue()
    {
        EndStreams();
        _parts.Wake(inline: true, isOver: true);
    }

    protected override bool TryTakeMember(JsonText name, ref JsonReader reader)
    {
        if (!name.Equals(StreamMeta.SentName))
        {
            return false;
        }

        _said = StreamMeta.ReadTotals(ref reader);
        IsInParts = true;
        return true;
    }

    /// <summary>What is whole is checked before the error is believed: items may be missing in front of it.</summary>
    private GawException ReadFailure(ref JsonReader payload)
    {
        GawRemoteException error = ReadError(ref payload);
        if (_said is { } sent)
        {
            Receive([], sent, textBytes: 0);
            if (error.RemoteName == StreamErrors.StoppingName)
            {
                return new GawConnectionException($"{Path} was ended, and has run: {error.RemoteMessage}", _terms.Server, CallExecution.Ran, error);
            }
        }

        return error;
    }

    private void Receive(List<T> items, StreamTotals? sent, int textBytes)
    {
        PartCheck check = _parts.Add(items, sent, textBytes);
        if (check != PartCheck.InOrder)
        {
            throw new GawProtocolException(check == PartCheck.OutOfStep
                ? $"A part of {Path} from {_terms.Server} is missing, or has come twice: what was received is not what was sent."
                : $"{_terms.Server} sends more of {Path} than it was asked for.");
        }
    }

    private void Renew()
    {
        Tell(_parts.Limit);
        Streams?.Renew(this);
    }

    private void Tell(StreamTotals limit)
    {
        JsonWriter writer = RequestCarrier.RentUnlimitedWriter();
        ControlRequestWriter.WriteLimit(writer, Ids.Next(out int key), key, IdPrefix, Key, limit);
        SentOn!.Tell(this, writer);
    }
}
