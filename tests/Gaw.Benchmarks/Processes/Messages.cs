namespace Gaw.Benchmarks.Processes;

internal enum Verb
{
    /// <summary>The process's <see cref="Processes.Usage"/>.</summary>
    Usage,

    /// <summary>The same after a full collection of garbage.</summary>
    UsageAfterCollection,

    /// <summary>One caller, one call after the other, each one timed. A <see cref="Run"/>.</summary>
    Sequence,

    /// <summary>Several callers on one client that await. A <see cref="Run"/>.</summary>
    Load,

    /// <summary>Several callers that await, each on a client of its own. A <see cref="Run"/>.</summary>
    LoadOnOwnClients,

    /// <summary>Several threads on one client, whose calls block. A <see cref="Run"/>.</summary>
    Threads,

    /// <summary>As many threads as callers, each of which makes a client, calls, and disposes it. A <see cref="Run"/>.</summary>
    ComeAndGo,

    /// <summary>Echoes of an <see cref="EchoKind"/>, one after the other. A <see cref="Run"/>.</summary>
    Echo,

    /// <summary>Streams of <see cref="Order.Count"/> items, one after the other. A <see cref="Run"/>, whose calls are items.</summary>
    Stream,

    /// <summary>As <see cref="Sequence"/>, beside as many streams as there are callers. A <see cref="Run"/>.</summary>
    Beside,

    /// <summary>Opens connections, makes one call on each and keeps them. A <see cref="Run"/>.</summary>
    Hold,

    /// <summary>Streams of <see cref="Order.Count"/> items as an argument, one after the other. A <see cref="Run"/>, whose calls are items.</summary>
    SendStream,

    /// <summary>A stream of <see cref="Order.Count"/> rare items, each timed on its way. A <see cref="Run"/>, whose calls are items.</summary>
    Stamps,
}

internal enum EchoKind
{
    /// <summary>ASCII, with a line feed here and there.</summary>
    Text,

    /// <summary>Thai, of which no character is ASCII but the spaces.</summary>
    Thai,

    /// <summary>A thousand small objects.</summary>
    Items,

    /// <summary>A dictionary of a thousand names and doubles.</summary>
    Scores,
}

internal enum Way
{
    Await,
    Sync,
}

/// <summary>What a client or a server process is asked for, a line of JSON on its standard input. It answers with a line of JSON.</summary>
/// <param name="Verb">What to do.</param>
/// <param name="Way">How to call.</param>
/// <param name="Seconds">For how long.</param>
/// <param name="Callers">From how many places at once.</param>
/// <param name="Count">How many connections, or the most calls.</param>
/// <param name="Characters">The size of an echoed text.</param>
/// <param name="Kind">What is echoed.</param>
internal sealed record Order(Verb Verb, Way Way = Way.Await, double Seconds = 0, int Callers = 1, int Count = int.MaxValue, int Characters = 0, EchoKind Kind = EchoKind.Text);

/// <summary>What a client process measured.</summary>
/// <param name="Calls">How many calls were made; all of them gave the right answer.</param>
/// <param name="Seconds">How long they took together.</param>
/// <param name="MedianMicroseconds">Of a call's time, where calls were timed one by one.</param>
/// <param name="P99Microseconds">Of a call's time, where calls were timed one by one.</param>
/// <param name="Allocated">Bytes the client process allocated in all.</param>
/// <param name="CpuSeconds">CPU time the client process used.</param>
/// <param name="CompiledMethods">How often the client process has compiled a method since it began, as in <see cref="Usage"/>.</param>
internal sealed record Run(long Calls, double Seconds, double MedianMicroseconds, double P99Microseconds, long Allocated, double CpuSeconds, long CompiledMethods);
