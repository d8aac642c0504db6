namespace Gaw.JsonWeb.Envelopes;

/// <summary>
/// A response's document, taken apart but not yet interpreted:
/// <c>{"_v": {"resp_to": ID, "success": true, "payload": RESULT}, "_t": "ResponseDataType"}</c>.
/// </summary>
internal ref struct Response
{
    public ReadOnlySpan<byte> Id;

    /// <summary>The method returned.</summary>
    public bool Succeeded;

    /// <summary>The result, or the error's object with <c>name</c>, <c>message</c> and <c>trace</c>.</summary>
    public ReadOnlySpan<byte> Payload;
}
