namespace Gaw.Tool.Shell;

internal enum EditEnd
{
    Entered,

    /// <summary>Ctrl+C: nothing of the line is meant.</summary>
    Abandoned,

    /// <summary>Ctrl+D on an empty line: nothing more comes.</summary>
    Closed,
}
