using System.Runtime.CompilerServices;
using Gaw.JsonWeb.Envelopes;
using Gaw.Serialization;
using Gaw.Telemetry;

namespace Gaw.JsonWeb.Client;

/// <summary>A call that belongs to something: to a trace, or to a call that this process serves. Its span begins before the filters and ends with the last attempt.</summary>
internal static class RelatedCall
{
    public static T Run<T, TArguments>(
        JsonWebClient client, CallTarget target, ValueConverter<T> converter, in TArguments arguments, CallOptions? options, CancellationToken cancellationToken)
        where TArguments : ICallArguments
    {
        using CallLink link = CallLink.To(client.ServedCall, client.CallTimeout, ref options, ref cancellationToken);
        ClientSpan span = ClientSpan.Begin(target.GetTags(client.EndPoint), ref options);
        try
        {
            T result = client.Run(target, converter, arguments, options, cancellationToken);
            span.End(null);
            return result;
        }
        catch (Exception e)
        {
            span.End(e);
            throw;
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public static async ValueTask<T> RunAsync<T, TArguments>(
        JsonWebClient client, CallTarget target, ValueConverter<T> converter, TArguments arguments, CallOptions? options, CancellationToken cancellationToken)
        where TArguments : ICallArguments
    {
        using CallLink link = CallLink.To(client.ServedCall, client.CallTimeout, ref options, ref cancellationToken);
        ClientSpan span = ClientSpan.Begin(target.GetTags(client.EndPoint), ref options);
        try
        {
            T result = await client.RunAsync(target, converter, arguments, options, cancellationToken).ConfigureAwait(false);
            span.End(null);
            return result;
        }
        catch (Exception e)
        {
            span.End(e);
            throw;
        }
    }
}
