using System.Runtime.CompilerServices;
using Gaw.JsonWeb.Envelopes;
using Gaw.Serialization;

namespace Gaw.JsonWeb.Client;

/// <summary>A call of a client whose calls belong to those that this process serves.</summary>
internal static class RelatedCall
{
    public static T Run<T, TArguments>(
        JsonWebClient client, CallTarget target, ValueConverter<T> converter, in TArguments arguments, CallOptions? options, CancellationToken cancellationToken)
        where TArguments : ICallArguments
    {
        using CallLink link = CallLink.To(client.ServedCall, client.CallTimeout, ref options, ref cancellationToken);
        return client.Run(target, converter, arguments, options, cancellationToken);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public static async ValueTask<T> RunAsync<T, TArguments>(
        JsonWebClient client, CallTarget target, ValueConverter<T> converter, TArguments arguments, CallOptions? options, CancellationToken cancellationToken)
        where TArguments : ICallArguments
    {
        using CallLink link = CallLink.To(client.ServedCall, client.CallTimeout, ref options, ref cancellationToken);
        return await client.RunAsync(target, converter, arguments, options, cancellationToken).ConfigureAwait(false);
    }
}
