namespace Gaw.Nats.Server.Requests;

/// <summary>What is known when a request comes.</summary>
/// <param name="HasPlace">It has a place among the calls that may run, or needs none.</param>
/// <param name="MayWait">Its caller wants it to wait, having been refused elsewhere.</param>
/// <param name="Places">So many calls may run.</param>
/// <param name="Waiting">So many wait for a place.</param>
/// <param name="BytesBefore">What the requests hold that came before and have not begun.</param>
internal readonly record struct AdmissionFacts(bool HasPlace, bool MayWait, int Places, int Waiting, long BytesBefore);
