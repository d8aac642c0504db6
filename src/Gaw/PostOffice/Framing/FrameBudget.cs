namespace Gaw.PostOffice.Framing;

/// <summary>
/// The bytes that all incomplete large frames of a server may hold together. A buffer of 64 KiB or less is not counted: small calls go
/// on whatever the large ones do.
/// </summary>
internal sealed class FrameBudget(long maxBytes)
{
    public const long DefaultMaxBytes = 256L * 1024 * 1024;

    /// <summary>A counter: the additions pair with the read in <see cref="IsExceeded"/>, which any thread asks again after its own addition.</summary>
    private long _bytes;

    public bool IsExceeded => Volatile.Read(ref _bytes) > maxBytes;

    public void Change(int bytes) => Interlocked.Add(ref _bytes, bytes);
}
