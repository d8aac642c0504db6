namespace Gaw.Nats.Client;

/// <summary>What <see cref="Suspicion"/> decides.</summary>
internal enum SuspicionStep
{
    /// <summary>Nothing yet.</summary>
    Wait,

    /// <summary>Ask once more.</summary>
    Ask,

    /// <summary>Nobody answers.</summary>
    GiveUp,
}
