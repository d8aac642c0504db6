using Gaw.Json;
using Gaw.JsonWeb.Server;
using Gaw.Serialization.Types;
using Gaw.Services;

namespace Gaw.Dispatch;

/// <summary>Where the wire meets the services: the handler of a path that is an entrypoint.</summary>
internal sealed class EntrypointHandler(Entrypoint entrypoint, GawFilterNext? filters, Func<IGawCallScope>? scopes) : RequestHandler
{
    public override bool TakesMeta => filters is not null || entrypoint.TakesCancellationToken || entrypoint.TakesContext;

    public override bool StaysOnThread { get; } = filters is null && !entrypoint.IsAwaited;

    public override bool ReadsForeignTypes { get; } = entrypoint.Parameters.Any(static parameter => ForeignTypes.MayRun(parameter.Type));

    public override bool IsControl { get; } = SelfDescription.Owns(entrypoint.Path);

    public override object Bind(ReadOnlySpan<byte> args, ReadOnlySpan<byte> kwargs) => entrypoint.Bind(args, kwargs);

    public override ValueTask RunAsync(object bound, ServerCall call)
    {
        Invocation invocation = (Invocation)bound;
        if (TakesMeta)
        {
            invocation.CancellationToken = call.GetCancellationToken();
        }

        if (filters is not null)
        {
            EntrypointContext context = new(entrypoint, invocation, call) { Services = BeginScope(invocation), Clock = call.Clock, Deadline = call.Deadline };
            invocation.Context = context;
            return filters(context);
        }

        if (entrypoint.TakesContext)
        {
            invocation.Context = new GawCallContext(entrypoint.Path, call.Meta.Headers, call.RemoteEndPoint, call.ClientCertificate, invocation.CancellationToken)
            {
                Services = BeginScope(invocation),
                Clock = call.Clock,
                Deadline = call.Deadline,
            };
        }

        return entrypoint.InvokeAsync(invocation);
    }

    public override IReadOnlyDictionary<string, string>? GetResponseMetadata(object bound) => ((Invocation)bound).Context?.GivenResponseMetadata;

    public override void WriteResult(object bound, JsonWriter writer)
    {
        Invocation invocation = (Invocation)bound;
        if (filters is not null && invocation.Context is EntrypointContext { WasLeft: true })
        {
            throw new InvalidOperationException($"A filter of {entrypoint.Path} ended before the method that it had begun, and gave no result in its place. Await next before the filter returns.");
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
        if (filters is null)
        {
            entrypoint.Release(invocation);
        }
        else
        {
            (invocation.Context as EntrypointContext)?.End();
        }
    }

    /// <summary>The scope ends after the instances: what is kept first is disposed last.</summary>
    private IServiceProvider? BeginScope(Invocation invocation)
    {
        if (scopes is null)
        {
            return null;
        }

        IGawCallScope scope = scopes() ?? throw new InvalidOperationException("The factory in Scopes returned null in place of a scope.");
        invocation.Keep(scope);
        return scope.Services;
    }
}
