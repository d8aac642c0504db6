using Gaw.Json;
using Gaw.Serialization;
using Gaw.Serialization.Streams;

namespace Gaw.Services;

/// <summary>The place of one argument in an <see cref="Invocation"/>: typed, so that a number is never boxed.</summary>
internal abstract class ParameterSlot
{
    public bool IsSet { get; protected set; }

    /// <summary>The index of the name under which the argument was given, among the parameter's names; only while arguments are bound by name.</summary>
    public int NameSuggestion { get; set; }

    /// <summary>The number of an argument that is a stream whose items come later; <see langword="null"/>: it is none.</summary>
    public virtual int? StreamNumber => null;

    /// <summary>The argument, boxed: for calls that are not compiled, and for filters.</summary>
    public abstract object? BoxedValue { get; }

    /// <summary>Replaces the argument.</summary>
    /// <exception cref="ArgumentException">The value is not of the parameter's type.</exception>
    public abstract void Replace(object? value, string name);

    /// <summary>Reads the argument.</summary>
    /// <exception cref="GawSerializationException">The value is not of the parameter's type.</exception>
    public abstract void Read(ref JsonReader reader);

    /// <summary>Reads one more of the arguments that a <c>params</c> parameter collects.</summary>
    public virtual void ReadItem(ref JsonReader reader) => throw new InvalidOperationException("Only a params parameter collects arguments.");

    /// <summary>Makes the argument that is a stream, before the method runs.</summary>
    public virtual void OpenStream(StreamFactory streams)
    {
    }

    /// <summary>The argument was left out.</summary>
    public abstract void SetDefault();

    /// <summary>Forgets the argument.</summary>
    public abstract void Clear();
}

/// <inheritdoc/>
internal class ParameterSlot<T>(ValueConverter<T> converter, T? defaultValue) : ParameterSlot
{
    /// <summary>The argument; read by the compiled call.</summary>
    public T? Value;

    public override object? BoxedValue => Value;

    public override void Replace(object? value, string name) => Value = GawFilterContext.Fit<T>(value, name);

    public override void Read(ref JsonReader reader)
    {
        Value = converter.Read(ref reader);
        IsSet = true;
    }

    public override void SetDefault()
    {
        Value = defaultValue;
        IsSet = true;
    }

    public override void Clear()
    {
        Value = default;
        IsSet = false;
    }
}
