namespace Gaw;

/// <summary>What is known of a call that ended without a reply.</summary>
public enum CallExecution
{
    /// <summary>The call never left this process whole: it has not run and never will.</summary>
    NotRun,

    /// <summary>The call was sent, no reply came: it may have run, may be running, or may never run.</summary>
    Unknown,

    /// <summary>Part of a reply came: the call has run.</summary>
    Ran,
}
