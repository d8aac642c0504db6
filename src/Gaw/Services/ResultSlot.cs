using Gaw.Json;
using Gaw.Serialization;

namespace Gaw.Services;

/// <summary>The place of a method's result; this one is for methods without.</summary>
internal class ResultSlot
{
    /// <summary>The result, boxed: for filters.</summary>
    /// <exception cref="ArgumentException">The value is not of the method's type.</exception>
    public virtual object? BoxedValue
    {
        get => null;
        set
        {
            if (value is not null)
            {
                throw new ArgumentException($"The method has no result, so a filter cannot give it one of type {value.GetType()}.", nameof(value));
            }
        }
    }

    /// <summary>Writes the result as one value; <c>null</c> where there is none.</summary>
    public virtual void Write(JsonWriter writer) => writer.Null();

    public virtual void Clear()
    {
    }
}

/// <inheritdoc/>
internal sealed class ResultSlot<T>(ValueConverter<T> converter) : ResultSlot
{
    public T? Value;

    public override object? BoxedValue
    {
        get => Value;
        set => Value = GawFilterContext.Fit<T>(value, "The result");
    }

    public override void Write(JsonWriter writer)
    {
        try
        {
            converter.Write(writer, Value);
        }
        catch (GawSerializationException e) when (e.Within("result"))
        {
            throw;
        }
    }

    public override void Clear() => Value = default;
}
