using Gaw.JsonWeb.Envelopes;
using Gaw.Shared;

namespace Gaw.JsonWeb.Server;

/// <summary>The id of a request, copied out of the receive buffer. The place for it is used again.</summary>
internal struct RequestId()
{
    private byte[] _text = new byte[CallIds.MaxDigits];
    private int _length;

    /// <summary>The JSON value as it came.</summary>
    public readonly ReadOnlySpan<byte> Text => _text.AsSpan(0, _length);

    /// <summary>The place is of the usual size. A peer may send an id of any length, which is not worth to be held for.</summary>
    public readonly bool IsUsual => _text.Length == CallIds.MaxDigits;

    /// <inheritdoc cref="CallIds.TryParse"/>
    public readonly bool TryGetNumber(out UInt128 number) => CallIds.TryParse(Text, out number);

    public void Set(in Request request)
    {
        if (request.Id.Length > _text.Length)
        {
            _text = new byte[request.Id.Length];
        }

        request.Id.CopyTo(_text);
        _length = request.Id.Length;
    }
}
