using Gaw.Json;
using Gaw.JsonWeb.Client.Filters;
using Gaw.Serialization;
using Gaw.Serialization.Streams;
using Gaw.Services.Discovery;

namespace Gaw.Proxies.Typed;

/// <summary>The converters of a typed call's arguments, and their names in its signature.</summary>
internal sealed class ArgumentConverters(ValueConverter[] converters, string[] names)
{
    /// <summary>Adds the converter of an argument, or the problem of its type.</summary>
    public static void Add<T>(ValueSerializer serializer, List<ValueConverter> converters, List<string> problems)
    {
        Type? item = StreamTypes.GetItem(typeof(T));
        if (SignatureType.FindProblem(item ?? typeof(T), serializer) is { } problem)
        {
            problems.Add(problem);
        }
        else if (item is not null)
        {
            converters.Add(ConverterActivator.Create<ValueConverter>(typeof(StreamConverter<>), [item], serializer.Get(item)));
        }
        else
        {
            converters.Add(serializer.Get<T>());
        }
    }

    public void Write<TArguments>(JsonWriter writer, in TArguments arguments)
        where TArguments : struct, IProxyArguments
    {
        int at = 0;
        try
        {
            arguments.Write(writer, converters, ref at);
        }
        catch (GawSerializationException e) when (e.Within(names[at]))
        {
            throw;
        }
    }

    /// <summary>Adds the arguments to those that filters see; the items of a <c>params</c> array have no names.</summary>
    public void Copy<TArguments>(in TArguments arguments, ReplaceableArguments target)
        where TArguments : struct, IProxyArguments
    {
        List<object?> values = [];
        arguments.AddTo(values);
        for (int i = 0; i < values.Count; i++)
        {
            target.Add(i < names.Length && !(TArguments.EndsInParams && i >= names.Length - 1) ? names[i] : null, values[i]);
        }
    }
}
