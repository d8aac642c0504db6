using Gaw.Json;
using Gaw.JsonWeb.Client;
using Gaw.JsonWeb.Envelopes;
using Gaw.PostOffice;
using Gaw.Shared;

namespace Gaw.JsonWeb.Streams.Sending;

/// <summary>Where the items of a call's arguments go: the way that the call itself has gone.</summary>
/// <param name="Call">The attempt.</param>
/// <param name="Carrier">Its server.</param>
/// <param name="Route">Its connection.</param>
/// <param name="Ids">Give the messages their ids.</param>
internal sealed record ArgumentRoute(OutgoingCall Call, RequestCarrier Carrier, CallRoute Route, CallIds Ids)
{
    /// <summary>Begins a message with items: they come next.</summary>
    public void BeginItems(JsonWriter writer, int number) => ControlRequestWriter.BeginItems(writer, Ids.Next(out int key), key, Call.IdPrefix, Call.Key, number);

    /// <summary>Sends a message that nobody answers.</summary>
    public void Tell(JsonWriter message) => Route.Tell(Call, message);
}
