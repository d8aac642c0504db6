using Gaw.Json;
using Gaw.Serialization;

namespace Gaw.JsonWeb.Client.Filters;

/// <summary>The arguments of a call that a client's filters have looked at.</summary>
internal sealed class ReplaceableArguments(ValueConverter<object> values) : GawArguments, ICallArguments
{
    private readonly List<(string? Name, bool IsNamed, object? Value)> _all = [];

    public override int Count => _all.Count;

    public override object? this[int index]
    {
        get => _all[index].Value;
        set => _all[index] = _all[index] with { Value = value };
    }

    /// <summary>The arguments of a call, boxed with the first look at them.</summary>
    /// <param name="seen">Those that were looked at; <see langword="null"/> before the first look.</param>
    /// <param name="values">Writes them.</param>
    /// <param name="given">Those of the caller.</param>
    public static ReplaceableArguments Of<TArguments>(ref ReplaceableArguments? seen, ValueConverter<object> values, in TArguments given)
        where TArguments : ICallArguments
    {
        if (seen is null)
        {
            seen = new ReplaceableArguments(values);
            given.CopyTo(seen);
        }

        return seen;
    }

    /// <summary>Adds an argument by position; its name, if any, is only told.</summary>
    public void Add(string? name, object? value) => _all.Add((name, false, value));

    /// <summary>Adds an argument by name.</summary>
    public void AddNamed(string name, object? value) => _all.Add((name, true, value));

    public override string? GetName(int index) => _all[index].Name;

    public void WriteArgs(JsonWriter writer) => Write(writer, named: false);

    public void WriteKwargs(JsonWriter writer) => Write(writer, named: true);

    public void CopyTo(ReplaceableArguments arguments) => arguments._all.AddRange(_all);

    private void Write(JsonWriter writer, bool named)
    {
        int at = 0;
        try
        {
            for (; at < _all.Count; at++)
            {
                if (_all[at].IsNamed == named)
                {
                    if (named)
                    {
                        writer.Name(_all[at].Name!);
                    }

                    values.Write(writer, _all[at].Value);
                }
            }
        }
        catch (GawSerializationException e) when (e.Within(_all[at].Name ?? $"args[{at}]"))
        {
            throw;
        }
    }
}
