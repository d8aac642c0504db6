using System.Reflection;
using Gaw.Proxies;
using Gaw.Serialization;

namespace Gaw.JsonWeb;

/// <summary>A client's call as its filters see it.</summary>
internal abstract class FilteredCall(JsonWebClient client, string path, CallOptions? options, CancellationToken cancellationToken)
    : GawFilterContext(path, options?.Metadata ?? NoMetadata, client.EndPoint, null, cancellationToken)
{
    private static readonly Dictionary<string, string> NoMetadata = [];

    public override MethodInfo? Method => null;

    /// <summary>The end of the filters' chain.</summary>
    public static ValueTask SendAsync(GawFilterContext context) => ((FilteredCall)context).SendAsync();

    protected abstract ValueTask SendAsync();
}

/// <inheritdoc/>
internal sealed class FilteredCall<T, TArguments>(
    JsonWebClient client, CallTarget target, ValueConverter<T> converter, in TArguments arguments, CallOptions? options, CancellationToken cancellationToken)
    : FilteredCall(client, target.Path, options, cancellationToken)
    where TArguments : ICallArguments
{
    private readonly JsonWebClient _client = client;
    private readonly CallOptions? _options = options;
    private readonly TArguments _given = arguments;
    private ReplaceableArguments? _seen;
    private bool _isSynchronous;
    private T? _result;

    /// <summary>Boxed with the first look: a call whose filters are not interested goes out as it would without them.</summary>
    public override GawArguments Arguments
    {
        get
        {
            if (_seen is null)
            {
                _seen = new ReplaceableArguments(_client.Values);
                _given.CopyTo(_seen);
            }

            return _seen;
        }
    }

    public override object? Result
    {
        get => typeof(T) == typeof(NoResult) ? null : _result;
        set => _result = typeof(T) == typeof(NoResult) && value is null ? default : Fit<T>(value, "The result");
    }

    /// <summary>Makes the call on the caller's thread, as long as no filter leaves it.</summary>
    public T Run(GawFilterNext filters)
    {
        _isSynchronous = true;
        filters(this).AsTask().GetAwaiter().GetResult();
        return _result!;
    }

    /// <summary>Makes the call.</summary>
    public async ValueTask<T> RunAsync(GawFilterNext filters)
    {
        await filters(this).ConfigureAwait(false);
        return _result!;
    }

    protected override async ValueTask SendAsync()
    {
        CallOptions sent = (_options ?? new CallOptions()) with { Metadata = Metadata.Count == 0 ? null : Metadata, OnResponseMetadata = Receive };
        _result = (_seen, _isSynchronous) switch
        {
            (null, true) => _client.Send(target, converter, _given, sent, CancellationToken),
            (null, false) => await _client.SendAsync(target, converter, _given, sent, CancellationToken).ConfigureAwait(false),
            (_, true) => _client.Send(target, converter, _seen, sent, CancellationToken),
            (_, false) => await _client.SendAsync(target, converter, _seen, sent, CancellationToken).ConfigureAwait(false),
        };
    }

    private void Receive(IReadOnlyDictionary<string, string> metadata)
    {
        foreach ((string name, string value) in metadata)
        {
            ResponseMetadata[name] = value;
        }

        _options?.OnResponseMetadata?.Invoke(metadata);
    }
}
