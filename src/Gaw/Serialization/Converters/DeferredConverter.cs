using Gaw.Json;
using Gaw.Serialization.Objects;
using Gaw.Serialization.Objects.Filling;

namespace Gaw.Serialization.Converters;

/// <summary>A <see cref="DeferredConverter{T}"/> of a type that is known at run time only.</summary>
internal interface IDeferredConverter
{
    /// <summary>Sets the converter to use; before the first value.</summary>
    void Resolve(ValueConverter real);
}

/// <summary>Stands in for the converter of a type that contains itself while that converter is being made.</summary>
internal sealed class DeferredConverter<T> : ValueConverter<T>, IDeferredConverter, IInPlaceConverter, IObjectContentReader
{
    private ValueConverter<T>? _real;

    /// <inheritdoc/>
    public void Resolve(ValueConverter real) => _real = (ValueConverter<T>)real;

    /// <inheritdoc/>
    public override T? Read(ref JsonReader reader) => _real!.Read(ref reader);

    /// <inheritdoc/>
    public override void Write(JsonWriter writer, T? value) => _real!.Write(writer, value);

    /// <inheritdoc/>
    public bool TryFill(object existing, object content) => _real is IInPlaceConverter filler && filler.TryFill(existing, content);

    /// <inheritdoc/>
    public object ReadContentBoxed(ref JsonReader reader) => ((IObjectContentReader)_real!).ReadContentBoxed(ref reader);
}
