using Gaw.Json;
using Gaw.Serialization;

namespace Gaw.Services.Binding;

/// <summary>
/// Puts the arguments of a request into the slots of an invocation, by position and by name, mixed as in Python. Whatever does not fit is an
/// error named <c>TypeError</c> that names the parameter, the type that it takes and the value that came.
/// </summary>
internal sealed class ArgumentBinder(string path, Parameter[] parameters)
{
    private readonly int _positional = parameters.Length > 0 && parameters[^1].IsParams ? parameters.Length - 1 : parameters.Length;
    private readonly ArgumentErrors _errors = new(path, parameters);

    /// <inheritdoc cref="ArgumentErrors.Signature"/>
    public string Signature => _errors.Signature;

    /// <returns><see langword="false"/>: the arguments do not fill their place, so they have to be found in another way.</returns>
    public bool TryBind(ArgumentSpans arguments, JsonLimits limits, ParameterSlot[] slots)
    {
        int given = BindArgs(arguments.Args, limits, slots, out int length);
        if (!arguments.TryGetKwargs(length, out ReadOnlySpan<byte> kwargs) || BindKwargs(kwargs, limits, slots, given) != kwargs.Length)
        {
            return false;
        }

        for (int i = 0; i < slots.Length; i++)
        {
            if (slots[i].IsSet)
            {
                continue;
            }

            if (!parameters[i].IsOptional)
            {
                throw _errors.Missing(i);
            }

            slots[i].SetDefault();
        }

        return true;
    }

    /// <returns>How many were given.</returns>
    private int BindArgs(ReadOnlySpan<byte> args, JsonLimits limits, ParameterSlot[] slots, out int length)
    {
        JsonReader reader = new(args, limits);
        reader.BeginArray();
        int at = 0;
        try
        {
            for (; reader.NextItem(); at++)
            {
                if (at < _positional)
                {
                    slots[at].Read(ref reader);
                }
                else if (slots.Length > _positional)
                {
                    slots[_positional].ReadItem(ref reader);
                }
                else
                {
                    throw _errors.TooMany(_positional, args, limits);
                }
            }
        }
        catch (GawSerializationException e) when (e.Within(parameters[Math.Min(at, parameters.Length - 1)].Name))
        {
            throw;
        }

        length = reader.Position;
        return at;
    }

    /// <returns>The bytes of the object.</returns>
    private int BindKwargs(ReadOnlySpan<byte> kwargs, JsonLimits limits, ParameterSlot[] slots, int givenByPosition)
    {
        JsonReader reader = new(kwargs, limits);
        reader.BeginObject();
        while (reader.NextProperty(out JsonText name))
        {
            int at = ParameterNames.Find(parameters, name, out int spelling);
            if (at < 0)
            {
                throw _errors.Unknown(name);
            }

            if (at < givenByPosition)
            {
                throw _errors.GivenTwice(at);
            }

            // A name that stands twice in the JSON is no error: Python keeps the last. Two spellings are two arguments to the caller.
            if (slots[at].IsSet && slots[at].NameSuggestion != spelling)
            {
                throw _errors.SpelledTwice(at);
            }

            try
            {
                slots[at].NameSuggestion = spelling;
                slots[at].Read(ref reader);
            }
            catch (GawSerializationException e) when (e.Within(parameters[at].Name))
            {
                throw;
            }
        }

        return reader.Position;
    }
}
