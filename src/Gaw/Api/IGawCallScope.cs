namespace Gaw;

/// <summary>
/// What belongs to one call on a server: made before its filters run, disposed once its reply has been written and sent, after the service's instance. What the disposal throws is
/// logged; the caller has its reply by then.
/// </summary>
public interface IGawCallScope : IAsyncDisposable
{
    /// <summary>The services of the call: <see cref="GawCallContext.Services"/>.</summary>
    IServiceProvider Services { get; }
}
