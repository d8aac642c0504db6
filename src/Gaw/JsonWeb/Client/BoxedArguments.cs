using Gaw.Json;
using Gaw.JsonWeb.Client.Filters;
using Gaw.Serialization;

namespace Gaw.JsonWeb.Client;

/// <summary>Arguments whose types are only known when they are written.</summary>
internal readonly struct BoxedArguments(ValueConverter<object> values, IReadOnlyList<object?>? args, IReadOnlyDictionary<string, object?>? kwargs) : ICallArguments
{
    public void WriteArgs(JsonWriter writer)
    {
        if (args is null)
        {
            return;
        }

        int at = 0;
        try
        {
            for (; at < args.Count; at++)
            {
                values.Write(writer, args[at]);
            }
        }
        catch (GawSerializationException e) when (e.Within($"args[{at}]"))
        {
            throw;
        }
    }

    public void CopyTo(ReplaceableArguments arguments)
    {
        foreach (object? value in args ?? [])
        {
            arguments.Add(null, value);
        }

        foreach ((string name, object? value) in kwargs ?? new Dictionary<string, object?>())
        {
            arguments.AddNamed(name, value);
        }
    }

    public void WriteKwargs(JsonWriter writer)
    {
        if (kwargs is null)
        {
            return;
        }

        string name = "";
        try
        {
            foreach ((string key, object? value) in kwargs)
            {
                name = key;
                writer.Name(name);
                values.Write(writer, value);
            }
        }
        catch (GawSerializationException e) when (e.Within(name))
        {
            throw;
        }
    }
}
