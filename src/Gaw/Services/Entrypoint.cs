using System.Reflection;
using Gaw.Json;
using Gaw.Serialization;
using Gaw.Serialization.Types;
using Gaw.Services.Binding;
using Gaw.Services.Instances;
using Gaw.Shared;

namespace Gaw.Services;

/// <summary>A method that can be called from the wire: binds arguments, makes the instance, invokes, keeps the result.</summary>
internal sealed class Entrypoint
{
    private readonly Parameter[] _parameters;
    private readonly ArgumentBinder _binder;
    private readonly MethodInvoker _invoker;
    private readonly InstanceSource? _instances;
    private readonly bool _mayBeDisposable;
    private readonly JsonLimits _limits;
    private readonly InvocationPool _pool;

    public Entrypoint(string path, MethodInfo method, Type service, InstanceSource instances, ValueSerializer serializer)
    {
        Path = path;
        Method = method;
        _limits = serializer.Limits;
        _instances = method.IsStatic ? null : instances;
        _mayBeDisposable = instances.MayDispose(service);
        _parameters = [.. method.GetParameters().Where(static p => !IsSupplied(p.ParameterType)).Select(p => new Parameter(p, serializer))];
        _binder = new ArgumentBinder(path, _parameters);
        _invoker = MethodInvoker.Create(method, serializer);
        _pool = new InvocationPool(_parameters, _invoker);
        CreateProgress = ProgressParameter.CreateFactory(method, serializer);
        IsStream = ReturnShape.Of(method.ReturnType).Kind is ReturnKind.Stream;
        TakesStreams = _parameters.Any(static parameter => parameter.ItemType is not null);
        TakesCancellationToken = IsStream || TakesStreams || Takes(method, typeof(CancellationToken));
        TakesContext = _instances?.CreateForCall is not null || Takes(method, typeof(GawCallContext));
    }

    public string Path { get; }

    /// <summary>The parameters that are read from the wire, in the order of an invocation's slots.</summary>
    public IReadOnlyList<Parameter> Parameters => _parameters;

    public MethodInfo Method { get; }

    /// <summary>The method gives a task, which may complete later and on another thread.</summary>
    public bool IsAwaited => ReturnShape.Of(Method.ReturnType).IsAsync;

    /// <summary>The method gives a stream, whose items go out as they come.</summary>
    public bool IsStream { get; }

    /// <summary>A parameter takes a stream, whose items may come while the method runs.</summary>
    public bool TakesStreams { get; }

    public bool TakesCancellationToken { get; }

    /// <summary>The method, or the factory of its instances, has a place for the call's context.</summary>
    public bool TakesContext { get; }

    /// <summary>Makes what the method reports its progress to, for each call; <see langword="null"/>: it has no parameter for it.</summary>
    public Func<ReportSink?, ReportSource>? CreateProgress { get; }

    /// <summary>A parameter of this type is not read from the wire: the server supplies it, and the caller keeps its own to itself.</summary>
    public static bool IsSupplied(Type type) => type == typeof(CancellationToken) || type == typeof(GawCallContext) || type == typeof(CallOptions) || ProgressParameter.GetReported(type) is not null;

    /// <summary>Reads the arguments.</summary>
    /// <exception cref="GawError">They do not fit the parameters; named <c>TypeError</c>.</exception>
    /// <exception cref="GawSerializationException">One of them is not of its parameter's type.</exception>
    /// <returns><see langword="null"/>: the arguments do not fill their place, so they have to be found in another way.</returns>
    public Invocation? TryBind(ArgumentSpans arguments)
    {
        Invocation invocation = _pool.Rent();
        try
        {
            if (_binder.TryBind(arguments, _limits, invocation.Slots))
            {
                return invocation;
            }
        }
        catch
        {
            Release(invocation);
            throw;
        }

        Release(invocation);
        return null;
    }

    /// <summary>An argument is a stream, and the parameter in its place takes none. Asked when the arguments could not be bound.</summary>
    public bool RefusesStream(ReadOnlySpan<byte> args, ReadOnlySpan<byte> kwargs) => StreamRefusal.Is(_parameters, args, kwargs, _limits);

    /// <summary>
    /// Makes an instance and invokes the method on it. Completes when the result is in the invocation. An instance that can be disposed stays there until
    /// <see cref="Invocation.DisposeInstancesAsync"/>: a result that is made lazily, while it is written, may need it.
    /// </summary>
    public ValueTask InvokeAsync(Invocation invocation)
    {
        object? instance = _instances?.CreateForCall is { } createForCall ? createForCall(invocation.Context!) : _instances?.Create!();
        if (_mayBeDisposable && instance is IDisposable or IAsyncDisposable)
        {
            invocation.Keep(instance);
        }

        return _invoker.InvokeAsync(instance, invocation);
    }

    /// <inheritdoc cref="InvocationPool.Return"/>
    public void Release(Invocation invocation) => _pool.Return(invocation);

    /// <summary><c>math_service/plus(a: int, b: int) -> string</c>.</summary>
    public override string ToString() => $"{Path}{_binder.Signature} -> {TypeNames.Friendly(Method.ReturnType)}";

    private static bool Takes(MethodInfo method, Type supplied) => method.GetParameters().Any(p => p.ParameterType == supplied);
}
