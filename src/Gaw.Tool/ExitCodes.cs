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
}
