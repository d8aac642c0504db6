using System.Text;
using Gaw.Json;
using Gaw.Serialization;
using Gaw.Serialization.Streams;

namespace Gaw.Services;

/// <summary>
/// Puts the arguments of a request into the slots of an invocation, by position and by name, mixed as in Python. Whatever does not fit is an
/// error named <c>TypeError</c> that names the parameter, the type that it takes and the value that came.
/// </summary>
internal sealed class ArgumentBinder(string path, Parameter[] parameters)
{
    private const string TypeError = "TypeError";

    private readonly int _positional = parameters.Length > 0 && parameters[^1].IsParams ? parameters.Length - 1 : parameters.Length;

    /// <summary>The parameters as a signature, for messages: <c>(a: int, b: int = …)</c>.</summary>
    public string Signature { get; } = $"({string.Join(", ", parameters.AsEnumerable())})";

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
                throw Mismatch($"misses the argument {parameters[i].Name}");
            }

            slots[i].SetDefault();
        }

        return true;
    }

    /// <summary>An argument is a stream, and the parameter in its place takes none.</summary>
    public bool RefusesStream(ReadOnlySpan<byte> args, ReadOnlySpan<byte> kwargs, JsonLimits limits)
    {
        JsonReader reader = new(args, limits);
        reader.BeginArray();
        for (int at = 0; reader.NextItem(); at++)
        {
            if (IsRefusedStream(ref reader, at))
            {
                return true;
            }
        }

        reader = new JsonReader(kwargs, limits);
        reader.BeginObject();
        while (reader.NextProperty(out JsonText name))
        {
            if (IsRefusedStream(ref reader, ParameterNames.Find(parameters, name, out _)))
            {
                return true;
            }
        }

        return false;
    }

    private bool IsRefusedStream(ref JsonReader reader, int parameter)
    {
        // An argument in no place at all is the call's mistake, and no reason to collect a stream.
        int place = parameter >= _positional && _positional < parameters.Length ? _positional : parameter;
        bool takesNone = place >= 0 && place < parameters.Length && parameters[place].ItemType is null;
        if (takesNone && StreamMark.TryRead(ref reader, out _))
        {
            return true;
        }

        reader.Skip();
        return false;
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
                    throw Mismatch($"takes {_positional} arguments, but {CountItems(args, limits)} were given");
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
                throw Mismatch($"has no argument named {ParameterNames.Shorten(name.ToString())}");
            }

            if (at < givenByPosition)
            {
                throw Mismatch($"got two values for the argument {parameters[at].Name}");
            }

            // A name that stands twice in the JSON is no error: Python keeps the last. Two spellings are two arguments to the caller.
            if (slots[at].IsSet && slots[at].NameSuggestion != spelling)
            {
                throw Mismatch($"got two values for the argument {parameters[at].Name}, which was given as {string.Join(" and as ", parameters[at].Utf8Names.Select(Encoding.UTF8.GetString))}");
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

    private static int CountItems(ReadOnlySpan<byte> args, JsonLimits limits)
    {
        JsonReader reader = new(args, limits);
        reader.BeginArray();
        int count = 0;
        for (; reader.NextItem(); count++)
        {
            reader.Skip();
        }

        return count;
    }

    private GawError Mismatch(string problem) => new(TypeError, $"{path}{Signature} {problem}");
}
