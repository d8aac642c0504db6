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
    private readonly Func<IGawCallScope>? _scopes;

    public EntrypointHandler(Entrypoint entrypoint, GawFilterNext? filters, Func<IGawCallScope>? scopes)
    {
        _entrypoint = entrypoint;
        _filters = filters;
        _scopes = scopes;
        StaysOnThread = filters is null && !entrypoint.IsAwaited;
        IsControl = SelfDescription.Owns(entrypoint.Path);
        ReadsForeignTypes = entrypoint.Parameters.Any(static parameter => ForeignTypes.MayRun(parameter.ItemType ?? parameter.Type));
        IsStream = entrypoint.IsStream;
        TakesStreams = entrypoint.TakesStreams;
    }

    public override bool TakesMeta => _filters is not null || _entrypoint.TakesCancellationToken || _entrypoint.TakesContext || _entrypoint.CreateProgress is not null;

    public override bool ReadsForeignTypes { get; }

    public override bool StaysOnThread { get; }

    public override bool IsControl { get; }

    public override object? TryBind(ArgumentSpans arguments) => _entrypoint.TryBind(arguments);

    public override bool HasStreams(object bound) => ((Invocation)bound).HasStreams;

    public override bool RefusesStream(ReadOnlySpan<byte> args, ReadOnlySpan<byte> kwargs) => _entrypoint.RefusesStream(args, kwargs);

    public override ValueTask RunAsync(object bound, ServerCall call)
    {
        Invocation invocation = (Invocation)bound;
        if (TakesMeta)
        {
            invocation.CancellationToken = call.GetCancellationToken();
        }

        if (IsStream)
        {
            invocation.Items = call.Stream;
        }

        if (call.Arguments is { } arguments)
        {
            arguments.Token = invocation.CancellationToken;
            invocation.OpenStreams(arguments);
        }

        if (_entrypoint.CreateProgress is { } createProgress)
        {
            invocation.Progress = createProgress(call.BeginReports());
        }

        if (_filters is not null)
        {
            EntrypointContext context = new(_entrypoint, invocation, call) { Services = BeginScope(invocation), Clock = call.Clock, Deadline = call.Deadline };
            invocation.Context = context;
            return IsStream ? RunStreamAsync(_filters(context), context, call.Stream!, (StreamSlot)invocation.Result) : _filters(context);
        }

        if (_entrypoint.TakesContext)
        {
            invocation.Context = new GawCallContext(_entrypoint.Path, call.Meta.Headers, call.RemoteEndPoint, call.ClientCertificate, invocation.CancellationToken)
            {
                Services = BeginScope(invocation),
                Clock = call.Clock,
                Deadline = call.Deadline,
            };
        }

        return _entrypoint.InvokeAsync(invocation);
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

    /// <summary>The scope ends after the instances: what is kept first is disposed last.</summary>
    private IServiceProvider? BeginScope(Invocation invocation)
    {
        if (_scopes is null)
        {
            return null;
        }

        IGawCallScope scope = _scopes() ?? throw new InvalidOperationException("The factory in Scopes returned null in place of a scope.");
        invocation.Keep(scope);
        return scope.Services;
    }

    private InvalidOperationException LeftEarly() =>
        new($"A filter of {_entrypoint.Path} ended before the method that it had begun, and gave no result in its place. Await next before the filter returns.");
}
