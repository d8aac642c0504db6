using System.Dynamic;
using Gaw.Json;
using Gaw.JsonWeb.Client;
using Gaw.JsonWeb.Client.Filters;
using Gaw.Serialization;

namespace Gaw.Proxies.Dynamic;

/// <summary>The arguments of a call through <c>dynamic</c>, in the order in which they were written; the named ones stand last.</summary>
internal readonly struct DynamicArguments : ICallArguments
{
    private readonly ValueConverter<object> _values;
    private readonly object?[] _args;
    private readonly CallInfo _call;
    private readonly int _positional;

    public DynamicArguments(ValueConverter<object> values, object?[] args, CallInfo call, out CallOptions? options, out CancellationToken cancellationToken)
    {
        _values = values;
        _args = args;
        _call = call;
        _positional = args.Length - call.ArgumentNames.Count;
        options = null;
        cancellationToken = default;
        bool hasToken = false;
        foreach (object? argument in args)
        {
            if (argument is CancellationToken token)
            {
                cancellationToken = hasToken ? throw new ArgumentException("Two cancellation tokens were given; a call has one. Link them with CancellationTokenSource.CreateLinkedTokenSource.") : token;
                hasToken = true;
            }

            if (argument is CallOptions given)
            {
                options = options is null ? given : throw new ArgumentException("Two CallOptions were given; a call has one. Write one with both, as in first with { Timeout = second.Timeout }.");
            }
        }
    }

    public void WriteArgs(JsonWriter writer)
    {
        int at = 0;
        try
        {
            for (; at < _positional; at++)
            {
                if (_args[at] is not (CancellationToken or CallOptions))
                {
                    _values.Write(writer, _args[at]);
                }
            }
        }
        catch (GawSerializationException e) when (e.Within($"args[{at}]"))
        {
            throw;
        }
    }

    public void CopyTo(ReplaceableArguments arguments)
    {
        for (int i = 0; i < _args.Length; i++)
        {
            if (_args[i] is CancellationToken or CallOptions)
            {
                continue;
            }

            if (i < _positional)
            {
                arguments.Add(null, _args[i]);
            }
            else
            {
                arguments.AddNamed(_call.ArgumentNames[i - _positional], _args[i]);
            }
        }
    }

    public void WriteKwargs(JsonWriter writer)
    {
        int at = _positional;
        try
        {
            for (; at < _args.Length; at++)
            {
                if (_args[at] is not (CancellationToken or CallOptions))
                {
                    writer.Name(_call.ArgumentNames[at - _positional]);
                    _values.Write(writer, _args[at]);
                }
            }
        }
        catch (GawSerializationException e) when (e.Within(_call.ArgumentNames[at - _positional]))
        {
            throw;
        }
    }
}
