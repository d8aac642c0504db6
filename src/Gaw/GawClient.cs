using System.Diagnostics.CodeAnalysis;
using System.Dynamic;
using System.Linq.Expressions;
using System.Net;
using Gaw.Carriers;
using Gaw.JsonWeb;
using Gaw.JsonWeb.Streams.Receiving;
using Gaw.PostOffice;
using Gaw.PostOffice.Addresses;
using Gaw.Proxies.Dynamic;
using Gaw.Proxies.Typed;
using Gaw.Serialization;
using Gaw.Serialization.Types;
using Gaw.Shared;

namespace Gaw;

/// <summary>
/// Calls the services of a server, a .NET or a Python one. Nothing is sent before the first call; one client serves a whole process and
/// carries any number of calls at once. As <c>dynamic</c> its members are the services:
/// </summary>
/// <example>
/// <code>
/// dynamic client = new GawClient("127.0.0.1", 5555);
/// string sum = client.math_service.plus(10, 20);
/// string later = await client.math_service.plusAsync(10, b: 20);
/// dynamic odd = client["A b"]["weird-name"](1);
/// </code>
/// </example>
public sealed class GawClient : IDynamicMetaObjectProvider, IDisposable, IAsyncDisposable
{
    private const string LogCategory = "Gaw.Client";

    private readonly JsonWebClient _web;
    private readonly DynamicServices _services;
    private readonly TypedServices _typed;

    /// <summary>Makes a client that connects with its first call.</summary>
    /// <param name="host">The server's IPv4 or IPv6 address, or its name.</param>
    /// <param name="port">The server's TCP port, 1 to 65535.</param>
    /// <param name="options">Limits and times; <see langword="null"/> for the defaults.</param>
    /// <exception cref="ArgumentException">The address is none, or the options contradict each other: <c>Encrypt</c> without a <c>Secret</c>, for example.</exception>
    [SuppressMessage("ApiDesign", "RS0026:Do not add multiple public overloads with optional parameters", Justification = "The first parameters tell them apart.")]
    public GawClient(string host, int port, GawClientOptions? options = null)
        : this([new ServerAddress(ServerAddress.Tcp, host, port)], options ?? new GawClientOptions())
    {
    }

    /// <summary>Makes a client of what an address names, and connects with its first call.</summary>
    /// <param name="address">
    /// One server, <c>host:port</c> or <c>gaw://host:port</c>; an IPv6 address stands in brackets. Or all servers of
    /// a name, <c>dns:///name:port</c>. Or an engine between the servers and their callers,
    /// <c>nats://host:4222</c>, with the package of that carrier. Or several, parted by commas.
    /// </param>
    /// <param name="options">Limits and times; <see langword="null"/> for the defaults.</param>
    /// <exception cref="ArgumentException">The address is none, no package brings its scheme, or the options contradict each other. No message shows a password.</exception>
    [SuppressMessage("ApiDesign", "RS0026:Do not add multiple public overloads with optional parameters", Justification = "The first parameters tell them apart.")]
    public GawClient(string address, GawClientOptions? options = null)
        : this(AddressParser.Parse([address ?? throw new ArgumentNullException(nameof(address))], nameof(address)), options ?? new GawClientOptions())
    {
    }

    /// <summary>
    /// Makes a client of several servers that all serve the same. A call goes to the one with the fewest open calls; one that cannot be
    /// connected is left alone for two seconds, while the others serve.
    /// </summary>
    /// <param name="servers">Their addresses, each in one of the forms that <see cref="GawClient(string, GawClientOptions?)"/> takes.</param>
    /// <param name="options">Limits and times; <see langword="null"/> for the defaults.</param>
    /// <exception cref="ArgumentException">The address is none, or the options contradict each other: <c>Encrypt</c> without a <c>Secret</c>, for example.</exception>
    [SuppressMessage("ApiDesign", "RS0026:Do not add multiple public overloads with optional parameters", Justification = "The first parameters tell them apart.")]
    public GawClient(IEnumerable<string> servers, GawClientOptions? options = null)
        : this(AddressParser.Parse(servers, nameof(servers)), options ?? new GawClientOptions())
    {
    }

    /// <summary>Makes a client over another carrier than TCP.</summary>
    internal GawClient(Func<CallIds, RequestCarrier> carrier, GawClientOptions options)
        : this(new JsonWebClient(carrier, options, CreateSerializer(options), LogCategory), address: null)
    {
    }

    private GawClient(IReadOnlyList<ServerAddress> servers, GawClientOptions options)
        : this(servers.Any(static server => server.IsForeign)
            ? new JsonWebClient(ids => CarrierRegistry.GetOnly(servers, nameof(servers)).CreateCarrier(servers, options, ids), options, CreateSerializer(options), LogCategory)
            : new JsonWebClient(servers, options, CreateSerializer(options), LogCategory),
            string.Join(',', servers))
    {
    }

    private GawClient(JsonWebClient web, string? address)
    {
        _web = web;
        Address = address ?? web.EndPoint.ToString()!;
        _services = new DynamicServices(_web);
        _typed = new TypedServices(_web);
    }

    /// <summary>The address of the server, the first of several, as it was given.</summary>
    public EndPoint EndPoint => _web.EndPoint;

    /// <summary>Where the client calls, several addresses parted by commas: for messages and logs, without user and password.</summary>
    public string Address { get; }

    /// <summary>Calls a method and waits for its result.</summary>
    /// <typeparam name="T">The type to read the result as; <see cref="object"/> for the type it has by itself.</typeparam>
    /// <param name="path">Service and method, <c>math_service/plus</c>.</param>
    /// <param name="args">The arguments by position.</param>
    /// <param name="kwargs">The arguments by name.</param>
    /// <param name="options">Options of this call, in place of the client's.</param>
    /// <exception cref="GawRemoteException">The call got through and failed there.</exception>
    /// <exception cref="GawConnectionException">The server was not reached, or the connection was lost before the
    /// reply came; <see cref="GawConnectionException.Execution"/> says what is known.</exception>
    /// <exception cref="GawSerializationException">An argument cannot be written, or the result is no <typeparamref name="T"/>.</exception>
    /// <exception cref="GawProtocolException">The peer is not a Gaw server, or uses another secret.</exception>
    /// <exception cref="TimeoutException">No reply came within <c>CallTimeout</c> of the options, or <see cref="CallOptions.Timeout"/>.</exception>
    [RequiresUnreferencedCode(TrimmedProgram.Warning)]
    public T Call<T>(string path, IReadOnlyList<object?>? args = null, IReadOnlyDictionary<string, object?>? kwargs = null, CallOptions? options = null) =>
        _web.Request<T>(path, args, kwargs, options);

    /// <inheritdoc cref="Call{T}"/>
    /// <param name="path">Service and method, <c>math_service/plus</c>.</param>
    /// <param name="args">The arguments by position.</param>
    /// <param name="kwargs">The arguments by name.</param>
    /// <param name="cancellationToken">Ends the waiting; a .NET server then cancels the method's token.</param>
    /// <param name="options">Options of this call, in place of the client's.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled; the method may still run on the server.</exception>
    [SuppressMessage("Design", "CA1068:CancellationToken parameters must come last", Justification = "The token's place was settled before there were options.")]
    [RequiresUnreferencedCode(TrimmedProgram.Warning)]
    public Task<T> CallAsync<T>(
        string path,
        IReadOnlyList<object?>? args = null,
        IReadOnlyDictionary<string, object?>? kwargs = null,
        CancellationToken cancellationToken = default,
        CallOptions? options = null) =>
        _web.RequestAsync<T>(path, args, kwargs, cancellationToken, options);

    /// <summary>
    /// Calls a method whose result is a stream, and gives its items as they come: nothing is sent before the first
    /// one is asked for, and each enumeration is a call of its own. Leaving the loop ends the
    /// method on the server. A method that returns a list, also a Python one, gives its items.
    /// </summary>
    /// <typeparam name="T">The type to read the items as; <see cref="object"/> for the type they have by themselves.</typeparam>
    /// <param name="path">Service and method, <c>stock/watch</c>.</param>
    /// <param name="args">The arguments by position.</param>
    /// <param name="kwargs">The arguments by name.</param>
    /// <param name="options">Options of this call, in place of the client's: <see cref="CallOptions.ReadAhead"/>, and <see cref="CallOptions.Timeout"/> for the whole stream.</param>
    /// <param name="cancellationToken">Ends each enumeration; a .NET server then cancels the method's token.</param>
    /// <returns>The stream, which throws what the call fails with, after the items that came before: the exceptions of <see cref="Call{T}"/>.</returns>
    [RequiresUnreferencedCode(TrimmedProgram.Warning)]
    public IAsyncEnumerable<T> StreamAsync<T>(
        string path, IReadOnlyList<object?>? args = null, IReadOnlyDictionary<string, object?>? kwargs = null, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        _web.RequestStream<T>(path, args, kwargs, options, cancellationToken);

    /// <summary>
    /// A service as an interface: each method is a call. The service has the name that its <see cref="ServiceAttribute"/> gives it, or the interface's
    /// in snake_case without the leading <c>I</c>; a method that of its <see cref="EntrypointAttribute"/>, or its own in snake_case without a trailing
    /// <c>Async</c>. Arguments go out by position. Methods that return a task are asynchronous, a <see cref="CancellationToken"/> among the parameters
    /// is the call's. They fail with the exceptions of <see cref="Call{T}"/>.
    /// </summary>
    /// <typeparam name="T">
    /// The interface: methods only, those of inherited interfaces included; what is static, sealed or nested in it is its own business. One without the
    /// attribute that derives from one with it is the same service, if all its methods belong to that; otherwise it is refused.
    /// </typeparam>
    /// <returns>The same object for each call with this interface; as usable from many threads at once as this client.</returns>
    /// <exception cref="ArgumentException">The interface has members that cannot be called, types that cannot cross, or results that could never be read; says all that is wrong.</exception>
    /// <exception cref="PlatformNotSupportedException">The program is compiled ahead of time, and no proxy was written
    /// for the interface at compile time: it lacks its <see cref="ServiceAttribute"/>.</exception>
    public T For<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] T>()
        where T : class => (T)_typed.Get(typeof(T));

    /// <summary>Closes the connection; calls that are open fail with a <see cref="GawConnectionException"/>.</summary>
    public void Dispose() => _web.Dispose();

    /// <inheritdoc cref="Dispose"/>
    public ValueTask DisposeAsync() => _web.DisposeAsync();

    /// <inheritdoc/>
    DynamicMetaObject IDynamicMetaObjectProvider.GetMetaObject(Expression parameter) =>
        new DynamicServices.MetaObject(parameter, this, typeof(GawClient), static client => Expression.Field(client, nameof(_services)));

    /// <inheritdoc cref="JsonWebClient.OpenAnyAsync"/>
    internal Task<AnyResult> OpenAnyAsync(
        string path, IReadOnlyList<object?>? args, IReadOnlyDictionary<string, object?>? kwargs, CallOptions? options, CancellationToken cancellationToken) =>
        _web.OpenAnyAsync(path, args, kwargs, options, cancellationToken);

    private static ValueSerializer CreateSerializer(GawClientOptions options) => new(options.Types, unknownMembers: UnknownMembers.Ignore);
}
