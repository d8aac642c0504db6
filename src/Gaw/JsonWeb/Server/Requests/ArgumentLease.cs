using Gaw.PostOffice;

namespace Gaw.JsonWeb.Server.Requests;

/// <summary>
/// The arguments of one message are read, and their types may run code of the service: under a lease (<see cref="ReplyChannel.BeginRead"/>), which is taken at most once a message, also where the
/// arguments are read twice. A message that is answered in order holds up its own peer only, and needs none.
/// </summary>
internal struct ArgumentLease
{
    private ReplyChannel? _channel;
    private RequestHandler? _handler;
    private long _token;
    private long _began;
    private bool _hasEnded;

    /// <summary>The lease was taken: another thread may go on with the loop, so the message can no longer be answered in order.</summary>
    public readonly bool WasTaken => _channel is not null;

    public void Begin(ReplyChannel channel, RequestHandler handler, bool inOrder)
    {
        if (WasTaken || !handler.ReadsForeignTypes || inOrder)
        {
            return;
        }

        _channel = channel;
        _handler = handler;
        _began = Environment.TickCount64;
        _token = channel.BeginRead(handler.ReadPredictor);
    }

    public void End()
    {
        if (WasTaken && !_hasEnded)
        {
            _hasEnded = true;
            _channel!.EndRead(_token);
            _handler!.ReadPredictor.Took(Environment.TickCount64 - _began);
        }
    }
}
