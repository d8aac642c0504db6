namespace Gaw.PostOffice.Client.Matching;

/// <summary>Whose replies may come.</summary>
internal enum OpenCalls
{
    None,

    /// <summary>One caller, whose thread is blocked and can read.</summary>
    OneSynchronous,

    /// <summary>Several, one that awaits, or only such as were given up.</summary>
    Others,
}
