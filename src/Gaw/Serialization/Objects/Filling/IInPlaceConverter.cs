namespace Gaw.Serialization.Objects.Filling;

/// <summary>A converter whose values can be put into one that exists already.</summary>
internal interface IInPlaceConverter
{
    /// <summary>Makes an existing collection or object equal to one that was read.</summary>
    /// <returns><see langword="false"/> when the existing one cannot be changed.</returns>
    bool TryFill(object existing, object content);
}
