using System.Net;

namespace Gaw.JsonWeb.Client.Names;

/// <summary>What the look-up of one name has given.</summary>
/// <param name="Addresses">Its addresses; <see langword="null"/>: it failed.</param>
/// <param name="Problem">Why it failed.</param>
internal readonly record struct NameAnswer(IPAddress[]? Addresses, string? Problem);
