using Gaw.Json;
using Gaw.JsonWeb;
using Gaw.Services;

namespace Gaw;

/// <summary>Where the wire meets the services: the handler of a path that is an entrypoint.</summary>
internal sealed class EntrypointHandler(Entrypoint entrypoint) : RequestHandler
{
    public override bool TakesMeta => entrypoint.TakesCancellationToken || entrypoint.TakesContext;

    public override object Bind(ReadOnlySpan<byte> args, ReadOnlySpan<byte> kwargs) => entrypoint.Bind(args, kwargs);

    public override ValueTask RunAsync(object bound, ServerCall call)
    {
        Invocation invocation = (Invocation)bound;
        if (TakesMeta)
        {
            invocation.CancellationToken = call.GetCancellationToken();
        }

        if (entrypoint.TakesContext)
        {
            invocation.Context = new GawCallContext(entrypoint.Path, call.Meta.Headers, call.RemoteEndPoint, call.ClientCertificate, invocation.CancellationToken);
        }

        return entrypoint.InvokeAsync(invocation);
    }

    public override void WriteResult(object bound, JsonWriter writer) => ((Invocation)bound).Result.Write(writer);

    public override void Release(object bound) => entrypoint.Release((Invocation)bound);
}
