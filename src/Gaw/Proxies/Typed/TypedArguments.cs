using Gaw.Json;
using Gaw.JsonWeb.Client;
using Gaw.JsonWeb.Client.Filters;

namespace Gaw.Proxies.Typed;

/// <summary>The arguments of one typed call, by position: their order is that of a Python function as well as of a .NET method.</summary>
internal readonly struct TypedArguments<TArguments>(ArgumentConverters converters, in TArguments arguments) : ICallArguments
    where TArguments : struct, IProxyArguments
{
    private readonly TArguments _arguments = arguments;

    public void WriteArgs(JsonWriter writer) => converters.Write(writer, _arguments);

    public void WriteKwargs(JsonWriter writer)
    {
    }

    public void CopyTo(ReplaceableArguments arguments) => converters.Copy(_arguments, arguments);
}
