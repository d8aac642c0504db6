using Gaw.Serialization.Types;

namespace Gaw.Services.Instances;

/// <summary>Where the instances of a service come from, and whether they are disposed when their call ends.</summary>
internal sealed class InstanceSource
{
    private readonly bool _isExactType;
    private readonly bool _disposes = true;

    /// <summary>Instances that are the same whatever the call.</summary>
    /// <param name="create">Makes an instance.</param>
    /// <param name="isExactType">The instances are of the service's type itself, not of a class derived from it.</param>
    public InstanceSource(Func<object> create, bool isExactType)
    {
        Create = create;
        _isExactType = isExactType;
    }

    /// <summary>Instances that are made for a call.</summary>
    /// <param name="createForCall">Makes an instance.</param>
    /// <param name="disposes">The instance ends with its call; otherwise it belongs to the code that made it.</param>
    public InstanceSource(Func<GawCallContext, object> createForCall, bool disposes)
    {
        CreateForCall = createForCall;
        _disposes = disposes;
    }

    /// <summary><see langword="null"/> where <see cref="CreateForCall"/> makes them.</summary>
    public Func<object>? Create { get; }

    /// <summary><see langword="null"/> where <see cref="Create"/> makes them.</summary>
    public Func<GawCallContext, object>? CreateForCall { get; }

    /// <summary>An instance has to be looked at when its call ends.</summary>
    public bool MayDispose(Type type) =>
        _disposes && ((!_isExactType && !type.IsSealed) || typeof(IDisposable).IsAssignableFrom(type) || typeof(IAsyncDisposable).IsAssignableFrom(type));

    /// <summary>The instance that a factory of the user's has made.</summary>
    /// <exception cref="InvalidOperationException">Nothing.</exception>
    public static T NotNull<T>(T? instance)
        where T : class => instance ?? throw new InvalidOperationException($"The factory of {TypeNames.Friendly(typeof(T))} returned null in place of an instance.");
}
