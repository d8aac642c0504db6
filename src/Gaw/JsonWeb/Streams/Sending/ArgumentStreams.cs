using System.Diagnostics.CodeAnalysis;
using Gaw.Json;
using Gaw.JsonWeb.Client;
using Gaw.JsonWeb.ReplyCaching;
using Gaw.PostOffice;
using Gaw.Scheduling;
using Gaw.Serialization.Streams;
using Gaw.Shared;

namespace Gaw.JsonWeb.Streams.Sending;

/// <summary>
/// The arguments of one call that are streams, through all of its attempts. They are sent item by item to a server that takes streams, and are collected for any other: a list with a part of the items would
/// be taken for the whole. So the server is asked on the very connection that the call goes out on. Used by the caller; limits, ends and failures come on any thread.
/// </summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "The source has no timer, and who is told by it may be late.")]
internal sealed class ArgumentStreams
{
    private readonly Lock _gate = new();
    private readonly List<ItemSource> _sources = [];

    /// <summary>The streams are the caller's code: it runs in the ambient context of the call, whoever begins it. <see langword="null"/>: the caller has suppressed its flow.</summary>
    private readonly ExecutionContext? _context = ExecutionContext.Capture();

    /// <summary>Who sends for which attempt; <see langword="null"/>: none is open. Under the gate: of a late limit and the end of its attempt, one is first.</summary>
    private (OutgoingCall Call, ArgumentSender[] Senders)? _open;
    private CancellationTokenSource _over = new();
    private byte[][]? _lists;
    private int _next;

    /// <summary>Of the thread that reads; pairs with its next read in a later attempt, which the end of this one has begun.</summary>
    private bool _hasMetNobody;

    /// <summary>Written before the first item is asked for, and back once all are collected; pairs with the read where the call has failed, which a reply or a loss has ended.</summary>
    private volatile bool _hasBegun;

    /// <summary>Written before the server is told; pairs with the read where the call has failed.</summary>
    private volatile Exception? _failure;

    /// <summary>What the caller's own code has thrown: what the call fails with, in place of the server's echo.</summary>
    public Exception? Failure => _failure;

    /// <summary>Items were asked for, and may be gone: the call is not made again. Not so once all are collected.</summary>
    public bool HasBegun => _hasBegun;

    /// <summary>They are sent as lists, as the call's other arguments are.</summary>
    public bool AreLists => _lists is not null;

    /// <summary>The document that they stand in was written: what there is of them is known.</summary>
    public bool WereWritten { get; private set; }

    /// <summary>A parameter takes a list where a stream was given, or nobody takes the call where streams go. Nothing has run, and no item was asked for.</summary>
    public bool WereRefused { get; set; }

    /// <summary>Fires when the attempt has ended.</summary>
    public CancellationToken Token => _over.Token;

    /// <summary>A server says that it takes streams, and nobody took the call where they go: it may have gone. At the second time it is asked no more, since permissions may keep it from listening there.</summary>
    /// <returns>They are sent as lists from now on.</returns>
    public bool MeetNobody()
    {
        WereRefused |= _hasMetNobody;
        _hasMetNobody = true;
        return WereRefused;
    }

    /// <summary>The request is written, perhaps anew.</summary>
    public void BeginWriting() => _next = 0;

    /// <summary>The request was written.</summary>
    public void EndWriting() => WereWritten = true;

    /// <summary>Writes what stands for the next stream.</summary>
    /// <exception cref="GawSerializationException">There are too many.</exception>
    public void Write(JsonWriter writer, ItemSource source)
    {
        if (_next == StreamMark.MostOfCall)
        {
            throw new GawSerializationException($"A call has {StreamMark.MostOfCall} arguments that are streams at most.");
        }

        int number = _next++;
        if (_lists is not null)
        {
            writer.Raw(_lists[number]);
            return;
        }

        if (number == _sources.Count)
        {
            _sources.Add(source);
        }
        else
        {
            _sources[number] = source;
        }

        StreamMark.Write(writer, number);
    }

    /// <summary>Sends the call where its streams can follow it.</summary>
    /// <returns><see langword="null"/>: not yet. Nothing was sent.</returns>
    public CallRoute? TrySend(RequestCarrier carrier, OutgoingCall call, CallIds ids, JsonWriter message)
    {
        if (WereRefused || carrier.FindUsable(call.SentAt) is not { } route || route.GetServer(call.Path) is not KnownServer { TakesStreams: true })
        {
            return null;
        }

        ArgumentRoute way = new(call, carrier, route, ids);
        lock (_gate)
        {
            _over = new CancellationTokenSource();
            _open = (call, [.. _sources.Select((source, number) => new ArgumentSender(this, way, number, source))]);
        }

        return carrier.TrySend(route, call, message) ? route : null;
    }

    /// <summary>Collects all items, for a server that takes lists only. <see cref="End"/> ends the collecting.</summary>
    /// <param name="limit">The most bytes of one list.</param>
    /// <exception cref="GawSerializationException">They are more than one request may have, or one cannot be written.</exception>
    /// <exception cref="Exception">What the caller's own code has thrown.</exception>
    public async Task CollectAsync(int limit)
    {
        CancellationToken over = (_over = new CancellationTokenSource()).Token;
        _hasBegun = true;

        // Off the caller's thread: nobody knows how long the items take, and the caller has to meet its deadline.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            List<byte[]> lists = [];
            foreach (ItemSource source in _sources)
            {
                lists.Add(await ItemCollector.CollectAsync(source, limit, over).ConfigureAwait(false));
            }

            over.ThrowIfCancellationRequested();
            _lists = [.. lists];
            _sources.Clear();

            // From now on they can be sent any number of times.
            _hasBegun = false;
        }
        catch (Exception e) when (!over.IsCancellationRequested)
        {
            OnFailed(e);
            throw;
        }
    }

    /// <summary>The method has named a limit. On any thread. One that comes after the end of its attempt begins nothing, neither for it nor for the next.</summary>
    public void Raise(OutgoingCall call, int number, StreamTotals limit)
    {
        lock (_gate)
        {
            if (_open is { } open && open.Call == call && number >= 0 && number < open.Senders.Length)
            {
                open.Senders[number].Raise(limit);
            }
        }
    }

    /// <summary>Says again what was sent of each, so that the server knows that the call is wanted, and sees what was lost on the way.</summary>
    public void Renew(OutgoingCall call)
    {
        lock (_gate)
        {
            if (_open is { } open && open.Call == call)
            {
                Array.ForEach(open.Senders, static sender => sender.Renew());
            }
        }
    }

    /// <summary>The first item of one of them is asked for.</summary>
    public void Begin(ArgumentSender sender)
    {
        _hasBegun = true;
        if (_context is { } context)
        {
            ExecutionContext.Run(context, static sender => ((ArgumentSender)sender!).SendAsync().Forget(), sender);
        }
        else
        {
            Background.RunApart(sender.SendAsync).Forget();
        }
    }

    /// <summary>The caller's own code has failed.</summary>
    public void OnFailed(Exception e) => _failure ??= e;

    /// <summary>The attempt has ended: no further item is wanted. Waits for nothing: what is registered at the token is the caller's code.</summary>
    public void End()
    {
        lock (_gate)
        {
            _open = null;
        }

        _over.CancelAsync().Forget();
    }
}
