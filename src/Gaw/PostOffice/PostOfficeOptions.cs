using Gaw.PostOffice.Framing;
using Gaw.PostOffice.Protection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gaw.PostOffice;

/// <summary>What both ends of a connection can be told.</summary>
public abstract record PostOfficeOptions
{
    private protected PostOfficeOptions()
    {
    }

    /// <summary>The largest frame that is taken or sent, in bytes of payload. From 1 KiB to a billion. Default: 16 MiB.</summary>
    public int MaxFrameBytes
    {
        get;
        init => field = value is >= 1024 and <= 1_000_000_000 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "Give MaxFrameBytes 1024 to 1,000,000,000 bytes.");
    } = FrameLimits.DefaultMaxFrameBytes;

    /// <summary>The pre-shared key that signs every frame; both sides need the same one. Default: none, frames are neither signed nor encrypted.</summary>
    public Secret? Secret { get; init; }

    /// <summary>Encrypts frames under <see cref="Secret"/>, too. Both sides need the same setting. Default: <see langword="false"/>.</summary>
    public bool Encrypt { get; init; }

    /// <summary>Where log messages go. Default: nowhere.</summary>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;

    /// <summary>The clock of all time-outs. Default: the system's.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Its calls, refusals and connections are seen by those who listen to <see cref="GawTelemetry"/>. Not those of a call that the library makes for itself.</summary>
    internal bool IsMeasured { get; init; } = true;

    /// <summary>Changes the options of what carries the documents in another package, which knows their type; <see langword="null"/>: nothing was asked for.</summary>
    internal Func<object, object>? CarrierOptions { get; init; }

    /// <summary>What turns documents into payloads with this secret.</summary>
    /// <exception cref="ArgumentException">Encryption is asked for, but there is no secret.</exception>
    internal IFrameProtector CreateProtector(Secret? secret) => (secret, Encrypt) switch
    {
        (null, false) => PlainFrameProtector.Instance,
        (null, true) => throw new ArgumentException("Encrypt is set, but there is no Secret to encrypt with. Give both sides the same Secret, or leave Encrypt out."),
        ({ } key, false) => new SignedFrameProtector(new FrameKey(key.Key.ToArray())),
        ({ } key, true) => new EncryptedFrameProtector(new FrameKey(key.Key.ToArray())),
    };

    /// <summary>Checks a duration where it is written: above zero, or <see cref="Timeout.InfiniteTimeSpan"/> for "never".</summary>
    private protected static TimeSpan CheckTimeout(TimeSpan value, string name) =>
        value > TimeSpan.Zero && value.TotalMilliseconds < int.MaxValue || value == Timeout.InfiniteTimeSpan
            ? value
            : throw new ArgumentOutOfRangeException(name, value, $"Give {name} a duration above zero and below 24 days, or Timeout.InfiniteTimeSpan for never.");
}
