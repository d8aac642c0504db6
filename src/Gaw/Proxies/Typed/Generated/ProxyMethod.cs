using System.ComponentModel;
using Gaw.JsonWeb;
using Gaw.JsonWeb.Envelopes;
using Gaw.JsonWeb.Reports;
using Gaw.JsonWeb.Streams.Receiving;
using Gaw.Proxies.Typed;
using Gaw.Serialization;
using Gaw.Serialization.Streams;
using Gaw.Services.Discovery;

namespace Gaw.Proxies;

/// <summary>A method of a service as a typed client calls it. For the code of typed clients only.</summary>
/// <typeparam name="TResult">What the result is read as; <see cref="NoResult"/> where there is none.</typeparam>
/// <typeparam name="TArguments">The arguments: <see cref="Arguments{T, TRest}"/> and its like.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ProxyMethod<TResult, TArguments>
    where TArguments : struct, IProxyArguments
{
    private readonly JsonWebClient _client;
    private readonly CallTarget _target;
    private readonly ValueConverter<TResult> _result;
    private readonly ArgumentConverters _arguments;
    private readonly CallOptions? _options;

    /// <param name="client">The client.</param>
    /// <param name="path">Service and method.</param>
    /// <param name="parameters">The names of the parameters that are sent.</param>
    /// <param name="isIdempotent">Whether a call may be sent twice.</param>
    /// <param name="problems">Gets a sentence for each type in the signature that is wrong; the method cannot be called then.</param>
    internal ProxyMethod(JsonWebClient client, string path, string[] parameters, bool isIdempotent, List<string> problems)
    {
        _client = client;
        _target = client.GetTarget(path);
        List<ValueConverter> converters = [];
        TArguments.AddConverters(client.Serializer, converters, problems);
        _arguments = new ArgumentConverters([.. converters], parameters);
        _result = ResultConverter(client.Serializer, problems);
        _options = isIdempotent ? new CallOptions { Idempotent = true } : null;
    }

    /// <summary>Calls the method and waits for its result.</summary>
    public TResult Call(in TArguments arguments, CallOptions? options, CancellationToken cancellationToken) =>
        _client.Call(_target, _result, new TypedArguments<TArguments>(_arguments, arguments), WithOwn(options), cancellationToken);

    /// <summary>Calls the method.</summary>
    public ValueTask<TResult> CallAsync(in TArguments arguments, CallOptions? options, CancellationToken cancellationToken) =>
        _client.CallAsync(_target, _result, new TypedArguments<TArguments>(_arguments, arguments), WithOwn(options), cancellationToken);

    /// <summary>Calls the method, whose result is a stream of <typeparamref name="TResult"/>, when it is enumerated.</summary>
    public IAsyncEnumerable<TResult> Stream(in TArguments arguments, CallOptions? options, CancellationToken cancellationToken) =>
        new RemoteStream<TResult, TypedArguments<TArguments>>(_client, _target, new ItemsConverter<TResult>(_result), new TypedArguments<TArguments>(_arguments, arguments), WithOwn(options), cancellationToken);

    /// <summary>What the call wants, with the caller's progress.</summary>
    /// <param name="progress">Gets the reports; <see langword="null"/>: nobody looks.</param>
    /// <param name="options">What the call wants beside.</param>
    public CallOptions? WithProgress<T>(IProgress<T>? progress, CallOptions? options) =>
        progress is null ? options : (options ?? new CallOptions()) with { Reports = new ReportTarget<T>(progress, _client.Serializer.Get<T>()) };

    /// <summary>What the call wants, and what holds for each call of the method.</summary>
    private CallOptions? WithOwn(CallOptions? options) => options is null || _options is null || options.Idempotent ? options ?? _options : options with { Idempotent = true };

    private static ValueConverter<TResult> ResultConverter(ValueSerializer serializer, List<string> problems)
    {
        if (typeof(TResult) == typeof(NoResult))
        {
            return (ValueConverter<TResult>)(object)new NoResultConverter();
        }

        if ((SignatureType.FindProblem(typeof(TResult), serializer) ?? SignatureType.FindUnreadable(typeof(TResult), serializer)) is { } problem)
        {
            problems.Add(problem);
            return null!;
        }

        return serializer.Get<TResult>();
    }
}
