using System.Diagnostics.CodeAnalysis;
using Gaw.Serialization;
using Gaw.Services;
using Gaw.Tool.Values;

namespace Gaw.Tool.Running;

/// <summary>What <c>--kwargs</c> and <c>--kwarg</c> give to the constructors of services.</summary>
[RequiresUnreferencedCode(ManagedCopy.Reason)]
internal sealed class ConstructorArguments
{
    private readonly Dictionary<string, object?> _given = [];
    private readonly HashSet<string> _taken = [];

    public ConstructorArguments(string? literals, IEnumerable<string> pairs)
    {
        if (literals is not null)
        {
            try
            {
                _given = PythonLiteral.ParseKwargs(literals);
            }
            catch (FormatException e)
            {
                throw new ToolException(ExitCodes.Usage, $"--kwargs \"{literals}\" cannot be read: {e.Message}. Write it as in Python: --kwargs \"hello_msg='hello!', n=3\".", e);
            }
        }

        foreach (string pair in pairs)
        {
            int equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                throw ToolException.Usage($"--kwarg {pair} has no name. Write --kwarg name=value.");
            }

            if (!_given.TryAdd(pair[..equals], CallArguments.ParseValue(pair[(equals + 1)..])))
            {
                throw ToolException.Usage($"{pair[..equals]} is given twice.");
            }
        }
    }

    /// <summary>Those of the arguments that a constructor of the class names.</summary>
    public Dictionary<string, object?> For(Type type)
    {
        string[] names = [.. NamesOf(type)];
        Dictionary<string, object?> own = _given.Where(g => names.Contains(g.Key)).ToDictionary(static g => g.Key, static g => g.Value);
        _taken.UnionWith(own.Keys);
        return own;
    }

    /// <summary>Refuses what no service takes.</summary>
    public void CheckAllTaken(IEnumerable<Type> services)
    {
        if (_given.Keys.FirstOrDefault(name => !_taken.Contains(name)) is { } unused)
        {
            string[] known = [.. services.SelectMany(NamesOf).Distinct()];
            string? near = Spelling.FindNearest(unused, known);
            throw ToolException.Usage($"No service takes an argument named {unused}.{(near is not null ? $" Did you mean {near}?" : known.Length > 0 ? $" There is {string.Join(", ", known)}." : "")}");
        }
    }

    /// <summary>The arguments that a class cannot be made without, as one would write them: <c>--kwargs "hello_msg=..."</c>.</summary>
    public static string? Missing(Type type, IReadOnlyDictionary<string, object?> given)
    {
        string[] missing = [.. type.GetConstructors().OrderBy(static c => c.GetParameters().Length).Take(1).SelectMany(static c => c.GetParameters())
            .Where(p => !p.HasDefaultValue && !given.ContainsKey(p.Name!) && !given.ContainsKey(WireNames.ToSnakeCase(p.Name!)))
            .Select(static p => $"{WireNames.ToSnakeCase(p.Name!)}={(p.ParameterType == typeof(string) ? "'...'" : "...")}")];
        return missing.Length == 0 ? null : string.Join(", ", missing);
    }

    private static IEnumerable<string> NamesOf(Type type) =>
        type.GetConstructors().SelectMany(static c => c.GetParameters()).SelectMany(static p => new[] { WireNames.ToSnakeCase(p.Name!), p.Name! }).Distinct();
}
