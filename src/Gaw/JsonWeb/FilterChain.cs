using Gaw.Shared;

namespace Gaw.JsonWeb;

/// <summary>Puts filters together.</summary>
internal static class FilterChain
{
    /// <summary>The first filter's call, which leads to the others and then to <paramref name="call"/>; <see langword="null"/> where there are none.</summary>
    public static GawFilterNext? Create(IReadOnlyList<Func<IGawFilter>> filters, GawFilterNext call)
    {
        GawFilterNext next = call;
        foreach (Func<IGawFilter> create in filters.Reverse())
        {
            GawFilterNext following = next;
            next = context => ForeignTask.Guard((create() ?? throw new InvalidOperationException("A factory in Filters returned null in place of a filter.")).InvokeAsync(context, following));
        }

        return filters.Count == 0 ? null : next;
    }
}
