namespace Gaw;

/// <summary>Makes factories of filters.</summary>
public static class GawFilter
{
    /// <summary>A factory for the server's <c>Filters</c> that makes, or finds, the filter of each call with the call's context, <see cref="GawCallContext.Services"/> among it.</summary>
    /// <param name="create">Makes the filter, or finds it. It is not disposed.</param>
    /// <example><code>Filters = [GawFilter.ForCall(context => context.Services!.GetRequiredService&lt;Authorization&gt;())]</code></example>
    public static Func<IGawFilter> ForCall(Func<GawCallContext, IGawFilter> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        CallFilter filter = new(create);
        return () => filter;
    }

    private sealed class CallFilter(Func<GawCallContext, IGawFilter> create) : IGawFilter
    {
        public ValueTask InvokeAsync(GawFilterContext context, GawFilterNext next) =>
            (create(context) ?? throw new InvalidOperationException("A factory given to GawFilter.ForCall returned null in place of a filter.")).InvokeAsync(context, next);
    }
}
