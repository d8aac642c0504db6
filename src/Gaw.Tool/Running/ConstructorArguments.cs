using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Gaw.Shared;
using Gaw.Tool.Values;
using Microsoft.Extensions.Logging;

namespace Gaw.Tool.Running;

/// <summary>What <c>--kwargs</c> and <c>--kwarg</c> give to the constructors of services. Loggers, which no literal can be, come from the tool.</summary>
[RequiresUnreferencedCode(ManagedCopy.Reason)]
internal sealed class ConstructorArguments
{
    private readonly Dictionary<string, object?> _given = [];
    private readonly HashSet<string> _taken = [];
    private readonly ILoggerFactory _logs;

    public ConstructorArguments(string? literals, IEnumerable<string> pairs, ILoggerFactory logs)
    {
        _logs = logs;
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

    /// <summary>Those of the arguments that a constructor of the class names, as the types that it takes.</summary>
    /// <exception cref="ToolException">A value is not of its parameter's type.</exception>
    public Dictionary<string, object?> For(Type type)
    {
        string[] names = [.. ConstructorsOf(type).SelectMany(NamesOf)];
        Dictionary<string, object?> own = _given.Where(g => names.Contains(g.Key)).ToDictionary();
        _taken.UnionWith(own.Keys);
        ToolException? problem = null;
        Dictionary<string, object?>? incomplete = null;
        foreach (ConstructorInfo constructor in ConstructorsOf(type).Where(c => own.Keys.All(NamesOf(c).Contains)))
        {
            try
            {
                Dictionary<string, object?> converted = Convert(constructor, own);
                if (constructor.GetParameters().All(p => p.HasDefaultValue || converted.ContainsKey(p.Name!)))
                {
                    return converted;
                }

                incomplete ??= converted;
            }
            catch (ToolException e)
            {
                problem ??= e;
            }
        }

        return incomplete ?? (problem is null ? own : throw problem);
    }

    /// <summary>Refuses what no service takes.</summary>
    public void CheckAllTaken(IEnumerable<Type> services)
    {
        if (_given.Keys.FirstOrDefault(name => !_taken.Contains(name)) is { } unused)
        {
            string[] known = [.. services.SelectMany(ConstructorsOf).SelectMany(NamesOf).Distinct()];
            string? near = NameSuggestion.FindNearest(unused, known);
            throw ToolException.Usage($"No service takes an argument named {unused}.{(near is not null ? $" Did you mean {near}?" : known.Length > 0 ? $" There is {string.Join(", ", known)}." : "")}");
        }
    }

    /// <summary>Says what a class cannot be made without, as a line that works when it is pasted; <see langword="null"/> if nothing is missing.</summary>
    public static string? Missing(Type type, IReadOnlyDictionary<string, object?> given)
    {
        System.Reflection.ParameterInfo[] missing = [.. ConstructorsOf(type).Take(1).SelectMany(static c => c.GetParameters())
            .Where(p => !p.HasDefaultValue && !given.ContainsKey(p.Name!) && !given.ContainsKey(WireNames.ToSnakeCase(p.Name!)))];
        if (missing.Length == 0)
        {
            return null;
        }

        if (Array.Find(missing, static p => LiteralConversion.Suggest(p.ParameterType) is null) is { } impossible)
        {
            return $"{type.Name} cannot be made here: its constructor takes {LiteralConversion.Show(impossible.ParameterType)} {impossible.Name}, which no literal can be. Give the class a constructor that takes plain values, or serve it from a program of its own with server.Add(() => new {type.Name}(...)).";
        }

        string literals = string.Join(", ", missing.Select(static p => $"{WireNames.ToSnakeCase(p.Name!)}={LiteralConversion.Suggest(p.ParameterType)}"));
        return $"{type.Name} cannot be made without arguments for its constructor. Add --kwargs \"{literals}\".";
    }

    /// <summary>In the order in which they are tried. A record's copy constructor is not meant for anybody.</summary>
    private static IEnumerable<ConstructorInfo> ConstructorsOf(Type type) =>
        type.GetConstructors().Where(c => c.GetParameters() is not [{ } only] || only.ParameterType != type).OrderBy(static c => c.GetParameters().Length);

    private static IEnumerable<string> NamesOf(ConstructorInfo constructor) =>
        constructor.GetParameters().SelectMany(static p => new[] { WireNames.ToSnakeCase(p.Name!), p.Name! }).Distinct();

    private Dictionary<string, object?> Convert(ConstructorInfo constructor, Dictionary<string, object?> own)
    {
        Dictionary<string, object?> converted = [];
        foreach (System.Reflection.ParameterInfo parameter in constructor.GetParameters())
        {
            string name = parameter.Name!;
            string snake = WireNames.ToSnakeCase(name);
            if (own.TryGetValue(snake, out object? value) || own.TryGetValue(name, out value))
            {
                converted[name] = LiteralConversion.TryConvert(value, parameter.ParameterType, out object? typed, out string problem)
                    ? typed
                    : throw ToolException.Usage($"{snake}={LiteralConversion.Show(value)} does not fit {constructor.DeclaringType!.Name}, which takes {LiteralConversion.Show(parameter.ParameterType)} {name}: {problem}");
            }
            else if (LoggerFor(parameter.ParameterType) is { } logger)
            {
                converted[name] = logger;
            }
        }

        return converted;
    }

    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = ManagedCopy.Reason)]
    private object? LoggerFor(Type type) =>
        type == typeof(ILoggerFactory) ? _logs
        : type == typeof(ILogger) ? _logs.CreateLogger("services")
        : type.IsConstructedGenericType && type.GetGenericTypeDefinition() == typeof(ILogger<>) ? Activator.CreateInstance(typeof(Logger<>).MakeGenericType(type.GetGenericArguments()), _logs)
        : null;
}
