using Gaw.JsonWeb.Server;
using Gaw.Services;

namespace Gaw.Dispatch;

/// <summary>Gives a bound invocation what it needs of its call: the token, the place for its items, its streams, its progress, its context and scope.</summary>
/// <param name="entrypoint">The method.</param>
/// <param name="isFiltered">Calls run through filters, which see a context of their own.</param>
/// <param name="scopes">Makes the scope of a call; <see langword="null"/>: there is none.</param>
internal sealed class InvocationSetup(Entrypoint entrypoint, bool isFiltered, Func<IGawCallScope>? scopes)
{
    /// <summary>Something of what the caller said beside the arguments is wanted.</summary>
    public bool TakesMeta => isFiltered || entrypoint.TakesCancellationToken || entrypoint.TakesContext || entrypoint.CreateProgress is not null;

    public void Prepare(Invocation invocation, ServerCall call)
    {
        if (TakesMeta)
        {
            invocation.CancellationToken = call.GetCancellationToken();
        }

        if (entrypoint.IsStream)
        {
            invocation.Items = call.Stream;
        }

        if (call.Arguments is { } arguments)
        {
            arguments.Token = invocation.CancellationToken;
            invocation.OpenStreams(arguments);
        }

        if (entrypoint.CreateProgress is { } createProgress)
        {
            invocation.Progress = createProgress(call.BeginReports());
        }

        if (isFiltered)
        {
            invocation.Context = new EntrypointContext(entrypoint, invocation, call) { Services = BeginScope(invocation), Clock = call.Clock, Deadline = call.Deadline };
        }
        else if (entrypoint.TakesContext)
        {
            invocation.Context = new GawCallContext(entrypoint.Path, call.Meta.Headers, call.RemoteEndPoint, call.ClientCertificate, invocation.CancellationToken)
            {
                Services = BeginScope(invocation),
                Clock = call.Clock,
                Deadline = call.Deadline,
            };
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
