namespace Gaw.Serialization.Marking;

/// <summary>The messages for pairs of markers that do not fit.</summary>
internal static class MarkerErrors
{
    /// <summary>One of the two keys is there and not null, the other is not.</summary>
    public static GawSerializationException Incomplete(string key) =>
        new($"An object with the key \"{key}\" needs the key \"{(key == Markers.ValueKey ? Markers.TagKey : Markers.ValueKey)}\" beside it, and neither may be null.");

    /// <summary>A dictionary that is to be written has a key that its reader would take for a marker.</summary>
    public static GawSerializationException CannotCross(string key) =>
        new($"A dictionary with the key \"{key}\" cannot cross: the peer would take it for a marker. Give the key another name.");
}
