using System.Net;
using Gaw.Json;
using Gaw.PostOffice;

namespace Gaw.JsonWeb.Client.Names;

/// <summary>Stands for the servers of names that have not been looked up, or not for a while: a call that finds it waits for the look-up, and then goes to a server.</summary>
/// <param name="endPoint">The name, for messages.</param>
/// <param name="maxDocumentBytes">The limit of a request.</param>
/// <param name="wait">Waits for the look-up, within the time and until the token.</param>
internal sealed class NameCarrier(EndPoint endPoint, int maxDocumentBytes, Func<PendingCall, TimeSpan, CancellationToken, Task> wait) : RequestCarrier(endPoint, maxDocumentBytes)
{
    public override object? Server => null;

    public override CallRoute? Next => null;

    public override int Load => 0;

    public override bool TakesCalls => false;

    public override bool IsOpening => false;

    public override Action<bool>? OnOpened { get; set; }

    public override void Prepare()
    {
    }

    public override CallRoute? TrySend(PendingCall call, JsonWriter message) => null;

    public override async Task<bool> WaitForCapacityAsync(PendingCall call, bool wasOpened, TimeSpan connectTime, CancellationToken cancellationToken)
    {
        await wait(call, connectTime, cancellationToken).ConfigureAwait(false);
        return false;
    }

    public override void Dispose()
    {
    }
}
