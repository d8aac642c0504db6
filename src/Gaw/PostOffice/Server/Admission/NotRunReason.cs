using Gaw.PostOffice.Replies;
using Gaw.Shared;

namespace Gaw.PostOffice.Server.Admission;

/// <summary>Whether a message that has waited is still run when its turn comes. Pure.</summary>
internal static class NotRunReason
{
    /// <param name="isCutOff">The time of the server's stop is over.</param>
    /// <param name="isLost">The connection is lost.</param>
    /// <param name="hasLeft">The peer has ended its stream, and may still read replies in order.</param>
    /// <param name="isInOrder">The message is answered in order.</param>
    /// <param name="outlivesConnection">Its reply is kept, so it is worth running without its connection.</param>
    /// <param name="isOverdue">Its caller's time is over.</param>
    /// <returns>What its peer is told; <see langword="null"/>: it is run.</returns>
    public static ErrorInfo? Find(bool isCutOff, bool isLost, bool hasLeft, bool isInOrder, bool outlivesConnection, bool isOverdue) =>
        isCutOff ? ErrorFrame.StoppedBefore
        : !outlivesConnection && (isLost || (hasLeft && !isInOrder)) ? ErrorFrame.LostBefore
        : isOverdue ? ErrorFrame.OverdueBefore
        : null;
}
