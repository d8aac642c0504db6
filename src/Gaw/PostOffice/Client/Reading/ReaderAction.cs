namespace Gaw.PostOffice.Client.Reading;

/// <summary>What a thread does next for the replies of a connection.</summary>
internal enum ReaderAction
{
    /// <summary>Nothing: another thread reads, or there is nothing to read.</summary>
    None,

    /// <summary>It reads by itself.</summary>
    Read,

    /// <summary>It starts the reading thread.</summary>
    Start,

    /// <summary>It wakes the reading thread, which has parked.</summary>
    Wake,

    /// <summary>It offers the reading to the one synchronous caller that waits.</summary>
    Offer,

    /// <summary>The reading thread parks, until it is woken.</summary>
    Park,

    /// <summary>The reading thread ends: nobody has needed it for a while.</summary>
    End,
}
