using System.Security.Cryptography;
using Gaw.Json;

namespace Gaw.JsonWeb.ReplyCaching;

/// <summary>The number that a server is told apart by, from others and from itself after a restart.</summary>
internal static class ServerIdentity
{
    /// <summary>An identity for a server that begins: 1 to 2^62.</summary>
    public static long Create() => (long)(BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))) >> 2) | 1;

    /// <summary>Consumes the value of the member; 0 where it is no identity.</summary>
    public static long Read(ref JsonReader reader)
    {
        if (reader.TryReadInt64(out long identity))
        {
            return Math.Max(0, identity);
        }

        reader.Skip();
        return 0;
    }
}
