using Gaw.Json;
using Gaw.JsonWeb.Server;
using Gaw.JsonWeb.Streams.Sending;
using Gaw.Serialization;
using Gaw.Serialization.Types;
using Gaw.Services;

namespace Gaw.Dispatch;

/// <summary>Where the wire meets the services: the handler of a path that is an entrypoint.</summary>
internal sealed class EntrypointHandler : RequestHandler
{
    private readonly Entrypoint _entrypoint;
    private readonly GawFilterNext? _filters;
    private readonly InvocationSetup _setup;

    public EntrypointHandler(Entrypoint entrypoint, GawFilterNext? filters, Func<IGawCallScope>? scopes)
    {
        _entrypoint = entrypoint;
        _filters = filters;
        _setup = new InvocationSetup(entrypoint, isFiltered: filters is not null, scopes);
        StaysOnThread = filters is null && !entrypoint.IsAwaited;
        IsControl = SelfDescription.Owns(entrypoint.Path);
        ReadsForeignTypes = entrypoint.Parameters.Any(static parameter => ForeignTypes.MayRun(parameter.ItemType ?? parameter.Type));
        IsStream = entrypoint.IsStream;
        TakesStreams = entrypoint.TakesStreams;
    }

    public override bool TakesMeta => _setup.TakesMeta;

    public override bool ReadsForeignTypes { get; }

    public override bool StaysOnThread { get; }

    public override bool IsControl { get; }

    public override object? TryBind(ArgumentSpans arguments) => _entrypoint.TryBind(arguments);

    public override bool HasStreams(object bound) => ((Invocation)bound).HasStreams;

    public override bool RefusesStream(ReadOnlySpan<byte> args, ReadOnlySpan<byte> kwargs) => _entrypoint.RefusesStream(args, kwargs);

    public override ValueTask RunAsync(object bound, ServerCall call)
    {
        Invocation invocation = (Invocation)bound;
        _setup.Prepare(invocation, call);
        if (_filters is null)
        {
            return _entrypoint.InvokeAsync(invocation);
        }

        EntrypointContext context = (EntrypointContext)invocation.Context!;
        return IsStream ? RunStreamAsync(_filters(context), context, call.Stream!, (StreamSlot)invocation.Result) : _filters(context);
    }

    public override IReadOnlyDictionary<string, string>? GetResponseMetadata(object bound) => ((Invocation)bound).Context?.GivenResponseMetadata;

    public override void WriteResult(object bound, JsonWriter writer)
    {
        Invocation invocation = (Invocation)bound;
        if (_filters is not null && invocation.Context is EntrypointContext { WasLeft: true })
        {
            throw LeftEarly();
        }

        invocation.Result.Write(writer);
    }

    public override bool HoldsResources(object bound) => ((Invocation)bound).Instance is not null;

    public override ValueTask EndAsync(object bound)
    {
        Invocation invocation = (Invocation)bound;
        (invocation.Context as EntrypointContext)?.End();
        return invocation.DisposeInstancesAsync();
    }

    public override void Release(object bound)
    {
        // A filter may have kept its context: it must not see the arguments of another call there.
        Invocation invocation = (Invocation)bound;
        if (_filters is null)
        {
            _entrypoint.Release(invocation);
        }
        else
        {
            (invocation.Context as EntrypointContext)?.End();
        }
    }

    /// <summary>The call ends when its items were taken. Filters that end before the items, which they have begun, leave nobody who would wait for them.</summary>
    private async ValueTask RunStreamAsync(ValueTask filtering, EntrypointContext context, ServerStream stream, StreamSlot slot)
    {
        try
        {
            await filtering.ConfigureAwait(false);
        }
        finally
        {
            if (stream.IsSending)
            {
                await stream.CancelAsync().ConfigureAwait(false);
            }
        }

        if (context.WasLeft)
        {
            throw LeftEarly();
        }

        if (slot.Given is { } given)
        {
            await stream.SendAsync(given).ConfigureAwait(false);
        }
    }

    private InvalidOperationException LeftEarly() =>
        new($"A filter of {_entrypoint.Path} ended before the method that it had begun, and gave no result in its place. Await next before the filter returns.");
}
