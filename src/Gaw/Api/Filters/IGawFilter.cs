namespace Gaw;

/// <summary>
/// Runs around calls: on a server around the method (<c>GawServerOptions.Filters</c>), on a client around the sending and its retries
/// (<c>JsonWebClientOptions.Filters</c>). It can look into the call and change it, measure it, answer in its place, or refuse it with an exception.
/// </summary>
/// <example>
/// <code>
/// sealed class Timing(ILogger logger) : IGawFilter
/// {
///     public async ValueTask InvokeAsync(GawFilterContext context, GawFilterNext next)
///     {
///         long began = Stopwatch.GetTimestamp();
///         await next(context);
///         logger.LogInformation("{Path} took {Time}", context.Path, Stopwatch.GetElapsedTime(began));
///     }
/// }
/// </code>
/// </example>
public interface IGawFilter
{
    /// <summary>Runs around one call.</summary>
    /// <param name="context">The call.</param>
    /// <param name="next">The next filter; after the last one, the call itself. A filter that does not call it answers in the place of the call, with <see cref="GawFilterContext.Result"/>.</param>
    /// <exception cref="Exception">The call fails with the filter's exception. On a server it crosses like an exception of the method; throw a <see cref="GawError"/> to choose its name.</exception>
    ValueTask InvokeAsync(GawFilterContext context, GawFilterNext next);
}
