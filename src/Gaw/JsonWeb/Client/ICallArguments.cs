using Gaw.Json;
using Gaw.JsonWeb.Client.Filters;

namespace Gaw.JsonWeb.Client;

/// <summary>The arguments of one call, which write themselves: structs, so that a call with typed arguments boxes none of them.</summary>
internal interface ICallArguments
{
    /// <summary>Writes the positional arguments, one value after another.</summary>
    void WriteArgs(JsonWriter writer);

    /// <summary>Writes the named arguments: for each its name and its value.</summary>
    void WriteKwargs(JsonWriter writer);

    /// <summary>Adds all of them to those that filters see and may replace.</summary>
    void CopyTo(ReplaceableArguments arguments);
}
