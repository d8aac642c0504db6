using System.Runtime.CompilerServices;
using Gaw.JsonWeb.Client;
using Gaw.JsonWeb.Envelopes;
using Gaw.Serialization.Streams;

namespace Gaw.JsonWeb.Streams.Receiving;

/// <summary>A call whose result is a stream, not made yet: each enumeration makes it anew, when it asks for the first item.</summary>
/// <param name="client">Who makes it.</param>
/// <param name="target">What is called.</param>
/// <param name="converter">Reads the items.</param>
/// <param name="arguments">The arguments.</param>
/// <param name="options">What the call wants different from the client's options.</param>
/// <param name="cancellationToken">Ends each enumeration; so does the token of the enumeration itself.</param>
internal sealed class RemoteStream<T, TArguments>(
    JsonWebClient client, CallTarget target, ItemsConverter<T> converter, TArguments arguments, CallOptions? options, CancellationToken cancellationToken) : IAsyncEnumerable<T>
    where TArguments : ICallArguments
{
    public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken ofEnumeration = default) => EnumerateAsync(cancellationToken).GetAsyncEnumerator(ofEnumeration);

    private async IAsyncEnumerable<T> EnumerateAsync([EnumeratorCancellation] CancellationToken either)
    {
        using StreamRun<T, TArguments> run = new(client, target, converter, arguments, options, either);
        while (await run.NextAsync().ConfigureAwait(false) is { } items)
        {
            // By index: the enumerator of a list would live in the state machine, and cost more than the items.
            for (int i = 0; i < items.Count; i++)
            {
                run.Token.ThrowIfCancellationRequested();
                yield return items[i];
            }
        }
    }
}
