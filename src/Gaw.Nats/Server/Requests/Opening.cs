using System.Buffers;
using Gaw.PostOffice.Protection;

namespace Gaw.Nats.Server.Requests;

/// <summary>Opens messages of many clients, which may have any of the secrets that are taken. Each is answered with the one that it came with.</summary>
internal static class Opening
{
    /// <param name="protectors">One for each secret.</param>
    /// <param name="payload">The message; opened in place.</param>
    /// <param name="document">What was in it.</param>
    /// <param name="protector">The one that has opened it, or the first.</param>
    public static bool TryOpen(IReadOnlyList<IFrameProtector> protectors, Memory<byte> payload, out Memory<byte> document, out IFrameProtector protector)
    {
        protector = protectors[0];
        if (protectors.Count == 1)
        {
            return protector.TryOpen(payload, out document);
        }

        // Opening is done in place, so each attempt needs the payload as it came.
        byte[] original = ArrayPool<byte>.Shared.Rent(payload.Length);
        payload.CopyTo(original);
        try
        {
            foreach (IFrameProtector candidate in protectors)
            {
                original.AsMemory(0, payload.Length).CopyTo(payload);
                if (candidate.TryOpen(payload, out document))
                {
                    protector = candidate;
                    return true;
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(original);
        }

        document = default;
        return false;
    }
}
