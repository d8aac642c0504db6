using System.Runtime.ExceptionServices;

namespace Gaw.PostOffice.Client.Pooling;

/// <summary>What all fail with that have waited for one connection.</summary>
internal static class ConnectFailure
{
    /// <summary>For each of those that wait an exception of its own: they throw it at the same time.</summary>
    public static void Throw(Exception failure)
    {
        if (failure is GawConnectionException e)
        {
            throw new GawConnectionException(e.Message, e.EndPoint, e.Execution, e.InnerException);
        }

        ExceptionDispatchInfo.Throw(failure);
    }
}
