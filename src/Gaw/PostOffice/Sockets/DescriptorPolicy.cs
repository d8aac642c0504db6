namespace Gaw.PostOffice.Sockets;

/// <summary>What is known of this process's descriptors when a further connection may come.</summary>
internal readonly record struct DescriptorFacts
{
    /// <summary>How many were free at the last count; 0 where the system does not say.</summary>
    public required int Counted { get; init; }

    /// <summary>How long ago that was.</summary>
    public required TimeSpan SinceCount { get; init; }

    /// <summary>How many connections were accepted since.</summary>
    public required int AcceptedSince { get; init; }

    /// <summary>How many can be had at this moment; <see langword="null"/> before that was looked at.</summary>
    public int? Probed { get; init; }

    /// <summary>How many are missing from the reserve.</summary>
    public required int Missing { get; init; }

    /// <summary>How many the reserve can give away.</summary>
    public required int Held { get; init; }
}

/// <summary>
/// Decides when a server looks at its descriptors, and when it accepts. Pure: facts in, decision out. A count pays for many connections where many descriptors are
/// free; near the limit each connection is preceded by a look at what is left.
/// </summary>
internal static class DescriptorPolicy
{
    /// <summary>Descriptors that are no connection's: two threads and an assembly take so many.</summary>
    public const int Spare = 8;

    /// <summary>Descriptors that are held from the start, to be given away when there are no others.</summary>
    public const int Reserve = 32;

    /// <summary>With so many free, filling the reserve brings no shortage back.</summary>
    public const int Plenty = Reserve + (2 * Spare);

    /// <summary>With fewer free, a count pays for nothing: other parts of the process open files, too.</summary>
    public const int Near = 128;

    /// <summary>One for the connection, three for a thread that its calls may start, and as many for what they open.</summary>
    private const int PerConnection = 8;

    /// <summary>How long a count is believed; descriptors go to others than connections, too.</summary>
    private static readonly TimeSpan Believed = TimeSpan.FromSeconds(1);

    /// <summary>The next step. Another follows each look; accepting and resting are final.</summary>
    public static DescriptorStep Decide(in DescriptorFacts facts) => facts switch
    {
        { Probed: < Spare, Held: > 0 } => DescriptorStep.GiveAway,
        { Probed: < Spare } => DescriptorStep.Rest,
        { Probed: >= Plenty, Missing: > 0 } => DescriptorStep.RefillAndAccept,
        { Probed: not null } => DescriptorStep.Accept,
        _ when facts.SinceCount >= Believed => DescriptorStep.Count,
        { Counted: < Near } => DescriptorStep.Probe,
        _ when facts.AcceptedSince > (facts.Counted - Spare) / PerConnection => DescriptorStep.Count,
        { Missing: > 0 } => DescriptorStep.RefillAndAccept,
        _ => DescriptorStep.Accept,
    };

    /// <summary>How many descriptors a probe opens: as many as tell its outcomes apart.</summary>
    public static int ProbeDepth(int missing) => missing > 0 ? Plenty : Spare;
}
