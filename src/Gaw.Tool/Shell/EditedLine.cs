namespace Gaw.Tool.Shell;

/// <summary>What an editor came back with.</summary>
/// <param name="Kind">Whether there is a line.</param>
/// <param name="Line">The line; empty unless one was entered.</param>
internal readonly record struct EditedLine(EditEnd Kind, string Line = "");
