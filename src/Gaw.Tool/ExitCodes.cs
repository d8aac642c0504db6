namespace Gaw.Tool;

/// <summary>What the tool tells the program that started it.</summary>
internal static class ExitCodes
{
    public const int Ok = 0;
    public const int Usage = 1;
    public const int RemoteError = 2;
    public const int Connection = 3;
    public const int Timeout = 4;
    public const int RefusedBySecret = 5;
    public const int NothingToRun = 6;
    public const int Interrupted = 130;

    /// <summary>A code's name, for JSON.</summary>
    public static string NameOf(int code) => code switch
    {
        Usage => "usage",
        RemoteError => "remote",
        Connection => "connection",
        Timeout => "timeout",
        RefusedBySecret => "refused",
        NothingToRun => "nothing_to_run",
        Interrupted => "interrupted",
        _ => "other",
    };
}
