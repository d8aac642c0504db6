using Gaw.JsonWeb.Client;

namespace Gaw.JsonWeb.Streams.Receiving;

/// <summary>What a call has given of whose result nobody knew the kind: one value, or a stream. For a tool that calls what it has never heard of.</summary>
internal sealed class AnyResult : IDisposable
{
    private readonly AnyItemsConverter _converter;
    private readonly StreamRun<object, BoxedArguments> _run;
    private List<object>? _first;

    private AnyResult(JsonWebClient client, string path, BoxedArguments arguments, CallOptions? options, CancellationToken cancellationToken)
    {
        _converter = new AnyItemsConverter(client.Values);
        _run = new StreamRun<object, BoxedArguments>(client, client.GetTarget(path), _converter, arguments, options, cancellationToken);
    }

    /// <summary>The method gives its items one by one: <see cref="NextAsync"/>. Otherwise it has given its <see cref="Value"/>.</summary>
    public bool IsStream => _run.IsInParts;

    /// <summary>The result of a method that gives one; a list is one, too.</summary>
    public object? Value => _converter.IsValue ? _first![0] : _first ?? [];

    /// <summary>Makes the call, and waits for its result or the first items.</summary>
    /// <param name="client">Who makes it.</param>
    /// <param name="path">Service and method.</param>
    /// <param name="arguments">The arguments.</param>
    /// <param name="options">What the call wants different from the client's options.</param>
    /// <param name="cancellationToken">Ends the call, and the stream.</param>
    /// <exception cref="Exception">What the call has failed with before it gave anything.</exception>
    public static async Task<AnyResult> OpenAsync(JsonWebClient client, string path, BoxedArguments arguments, CallOptions? options, CancellationToken cancellationToken)
    {
        AnyResult result = new(client, path, arguments, options, cancellationToken);
        try
        {
            result._first = await result._run.NextAsync().ConfigureAwait(false);
            return result;
        }
        catch
        {
            result.Dispose();
            throw;
        }
    }

    /// <summary>The next items of a stream, as many as there are; <see langword="null"/>: it has ended.</summary>
    /// <exception cref="Exception">What the stream has failed with, after all its items.</exception>
    public ValueTask<List<object>?> NextAsync()
    {
        if (_first is not { } first)
        {
            return _run.NextAsync();
        }

        _first = null;
        return new ValueTask<List<object>?>(first);
    }

    /// <summary>A stream that has not ended is cancelled. Waits for nothing.</summary>
    public void Dispose() => _run.Dispose();
}
