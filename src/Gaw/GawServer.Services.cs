using System.Diagnostics.CodeAnalysis;
using Gaw.Dispatch;
using Gaw.JsonWeb.Server;
using Gaw.Services;
using Gaw.Services.Discovery;
using Gaw.Services.Instances;

namespace Gaw;

public sealed partial class GawServer
{
    /// <summary>
    /// Adds a service whose instances, a new one for each call, are made with these constructor arguments.
    /// An instance that can be disposed is, once the reply of its call is written.
    /// </summary>
    /// <param name="args">The constructor's arguments in order; those with defaults may be left out.</param>
    /// <returns>This server.</returns>
    /// <exception cref="ArgumentException">The class cannot be a service, no constructor takes the arguments, or a path is taken; says all that is wrong.</exception>
    public GawServer Add<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] T>(params object?[] args)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(args);
        return Add(typeof(T), new InstanceSource(InstanceFactory.Create(typeof(T), args), isExactType: true));
    }

    /// <summary>Adds a service whose instances a factory makes: a new one for each call, disposed once its reply is written where that is possible.</summary>
    /// <returns>This server.</returns>
    /// <exception cref="ArgumentException">The class cannot be a service, or a path is taken; says all that is wrong.</exception>
    public GawServer Add<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] T>(Func<T> factory)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(factory);
        return Add(typeof(T), new InstanceSource(() => InstanceSource.NotNull(factory()), isExactType: false));
    }

    /// <summary>
    /// Adds a service whose instances are made with the context of their call,
    /// <see cref="GawCallContext.Services"/> among it, and disposed once its reply is written where that is possible.
    /// </summary>
    /// <param name="create">Makes an instance for a call.</param>
    /// <returns>This server.</returns>
    /// <exception cref="ArgumentException">The class cannot be a service, or a path is taken; says all that is wrong.</exception>
    public GawServer Add<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] T>(Func<GawCallContext, T> create)
        where T : class => Add(create, dispose: true);

    /// <summary>Adds a service whose instances are made, or found, with the context of their call, <see cref="GawCallContext.Services"/> among it.</summary>
    /// <param name="create">Makes an instance for a call, or finds one.</param>
    /// <param name="dispose">The instance is disposed once the reply of its call is written. <see langword="false"/> where it belongs to somebody else: a container, or all calls.</param>
    /// <returns>This server.</returns>
    /// <exception cref="ArgumentException">The class cannot be a service, or a path is taken; says all that is wrong.</exception>
    public GawServer Add<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] T>(Func<GawCallContext, T> create, bool dispose)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(create);
        return Add(typeof(T), new InstanceSource(context => InstanceSource.NotNull(create(context)), dispose));
    }

    /// <summary>Adds a service under a name in place of its class's or interface's own, so that one class can serve several times.</summary>
    /// <param name="name">The service's name, as callers write it: <c>client.NAME.method()</c>.</param>
    /// <param name="args">The constructor's arguments in order; those with defaults may be left out.</param>
    /// <returns>This server.</returns>
    /// <exception cref="ArgumentException">The name is empty or has a slash, the class cannot be a service or is several,
    /// no constructor takes the arguments, or a path is taken; says all that is wrong.</exception>
    public GawServer AddNamed<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] T>(string name, params object?[] args)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(args);
        return Add(typeof(T), new InstanceSource(InstanceFactory.Create(typeof(T), args), isExactType: true), ServiceName.Check(name));
    }

    /// <summary>Adds a service under a name in place of its class's or interface's own, with instances that are made with the context of their call.</summary>
    /// <param name="name">The service's name, as callers write it: <c>client.NAME.method()</c>.</param>
    /// <param name="create">Makes an instance for a call, or finds one.</param>
    /// <param name="dispose">The instance is disposed once the reply of its call is written. <see langword="false"/> where it belongs to somebody else: a container, or all calls.</param>
    /// <returns>This server.</returns>
    /// <exception cref="ArgumentException">The name is empty or has a slash, the class cannot be a service or is several, or a path is taken; says all that is wrong.</exception>
    public GawServer AddNamed<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] T>(string name, Func<GawCallContext, T> create, bool dispose = true)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(create);
        return Add(typeof(T), new InstanceSource(context => InstanceSource.NotNull(create(context)), dispose), ServiceName.Check(name));
    }

    /// <summary>Adds a service that is known at run time only.</summary>
    /// <param name="type">The class.</param>
    /// <param name="arguments">The constructor's arguments by parameter name, as it stands in C# or in snake_case.</param>
    /// <returns>This server.</returns>
    /// <exception cref="ArgumentException">The class cannot be a service, no constructor takes the arguments, or a path is taken; says all that is wrong.</exception>
    public GawServer Add([DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] Type type, IReadOnlyDictionary<string, object?> arguments)
    {
        ArgumentNullException.ThrowIfNull(type);
        ArgumentNullException.ThrowIfNull(arguments);
        return Add(type, new InstanceSource(InstanceFactory.Create(type, arguments), isExactType: true));
    }

    private GawServer Add([DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] Type type, InstanceSource instances, string? name = null)
    {
        IReadOnlyList<Entrypoint> entrypoints = ServiceDescriptor.Describe(type, instances, _serializer, name);
        if (entrypoints.FirstOrDefault(static entrypoint => SelfDescription.Owns(entrypoint.Path)) is { } reserved)
        {
            throw new ArgumentException($"{type.Name} cannot be a service named {SelfDescription.Name} ({reserved.Path}): the name belongs to what the server says of itself. Give it another name.");
        }

        PathClash.ThrowIfTaken(type, entrypoints, _entrypoints);
        Map(entrypoints);
        return this;
    }

    private void Map(IReadOnlyList<Entrypoint> entrypoints)
    {
        _web.Map(entrypoints.Select(entrypoint => new RouteTable.Route(entrypoint.Path, new EntrypointHandler(entrypoint, _filters, _options.Scopes))));
        _entrypoints = [.. _entrypoints, .. entrypoints];
        ServicesAdded?.Invoke();
    }
}
