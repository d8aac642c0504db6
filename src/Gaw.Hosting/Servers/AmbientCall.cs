namespace Gaw.Hosting.Servers;

/// <summary>The call that the current code serves, for the clients that go on with its time and its token.</summary>
internal static class AmbientCall
{
    private static readonly AsyncLocal<Holder?> Held = new();

    /// <summary><see langword="null"/> outside of a call, and for code that outlives its call.</summary>
    public static GawCallContext? Current => Held.Value?.Context;

    /// <summary>Makes the call known to the code that runs in it.</summary>
    public static IGawFilter Filter { get; } = new AmbientFilter();

    private sealed class AmbientFilter : IGawFilter
    {
        public async ValueTask InvokeAsync(GawFilterContext context, GawFilterNext next)
        {
            Holder holder = new() { Context = context };
            Held.Value = holder;
            try
            {
                await next(context).ConfigureAwait(false);
            }
            finally
            {
                // Code that was let go keeps the holder, and finds no call in it.
                holder.Context = null;
            }
        }
    }

    private sealed class Holder
    {
        /// <summary>Cleared when the call ends; pairs with the read by code that was let go, on another thread.</summary>
        private volatile GawCallContext? _context;

        public GawCallContext? Context
        {
            get => _context;
            set => _context = value;
        }
    }
}
