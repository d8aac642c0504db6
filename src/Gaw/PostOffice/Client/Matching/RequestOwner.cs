using System.Globalization;
using Gaw.PostOffice.Replies;
using Gaw.Shared;

namespace Gaw.PostOffice.Client.Matching;

/// <summary>
/// Which request a failure without an id belongs to. Pure. Only what can be proved counts: where several requests could be meant, it is none of them,
/// since the failure of one must not become that of another.
/// </summary>
internal static class RequestOwner
{
    /// <param name="open">The requests that have left and have no reply.</param>
    /// <param name="isInOrder">The server answers one request after the other, failures included.</param>
    /// <param name="failure">What it says.</param>
    /// <returns><see langword="null"/>: it cannot be told.</returns>
    public static OpenRequest? Find(IReadOnlyList<OpenRequest> open, bool isInOrder, ErrorInfo failure)
    {
        if (open.Count <= 1)
        {
            return open.Count == 0 ? null : open[0];
        }

        if (isInOrder)
        {
            return open.MinBy(static request => request.End);
        }

        // The server reads frame after frame, so it has met the first of those that are above the limit that it names.
        return failure.Name == ErrorFrame.TooLargeName && FindNumber(failure.Message) is { } limit && open.Any(request => request.PayloadBytes > limit)
            ? open.Where(request => request.PayloadBytes > limit).MinBy(static request => request.End)
            : null;
    }

    private static int? FindNumber(ReadOnlySpan<char> text)
    {
        int start = text.IndexOfAnyInRange('0', '9');
        if (start < 0)
        {
            return null;
        }

        int length = text[start..].IndexOfAnyExceptInRange('0', '9');
        return int.TryParse(length < 0 ? text[start..] : text.Slice(start, length), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
    }
}
