using System.Numerics;

namespace Gaw.Tool.Generating;

/// <summary>
/// A description comes from a server that may be faulty or hostile, and ends up in code that somebody compiles. So names must be names, types
/// must be types, and defaults plain values; documentation is put on one line.
/// </summary>
internal static class DescriptionCheck
{
    /// <summary>The description, with its documentation on single lines.</summary>
    /// <exception cref="ToolException">Something in it is not what it should be.</exception>
    public static Description Check(Description description)
    {
        foreach (TypeShape shape in description.Types.Values)
        {
            foreach (MemberShape member in shape.Members)
            {
                CheckName(member.Csharp);
                CheckValue(member.Default);
                if (shape.Kind == "enum")
                {
                    _ = SourceLiteral.WholeNumber(member.Value);
                }
                else
                {
                    CheckType(member.Type);
                    CheckType(member.Python);
                }
            }
        }

        foreach (MethodInfo method in description.Services.SelectMany(static s => s.Methods))
        {
            CheckType(method.Result?.Type);
            if (method.Result is { Stream: true, Type: "void" })
            {
                throw Refused("a stream of nothing");
            }

            CheckType(method.Result?.Python);
            if (method.Progress is { } progress)
            {
                CheckType(progress.Type);
            }

            foreach (ParameterInfo parameter in method.Parameters ?? throw Refused("a method without parameters"))
            {
                CheckName(parameter.Csharp);
                CheckType(parameter.Type);
                CheckType(parameter.Python);
                CheckValue(parameter.Default);
            }
        }

        foreach (string name in description.Types.Keys)
        {
            CheckName(name);
        }

        return new Description(
            [.. description.Services.Select(static s => s with { Doc = OneLine(s.Doc), Methods = [.. s.Methods.Select(OneLine)] })],
            description.Types.ToDictionary(static t => t.Key, static t => t.Value with { Doc = OneLine(t.Value.Doc), Members = [.. t.Value.Members.Select(static m => m with { Doc = OneLine(m.Doc) })] }));
    }

    /// <summary>What is said of a description that no code is made of.</summary>
    public static ToolException Refused(string what) =>
        new(ExitCodes.RemoteError, $"The server describes itself with {what.ReplaceLineEndings(" ")}; no code is made of that.");

    private static MethodInfo OneLine(MethodInfo method) => method with
    {
        Doc = OneLine(method.Doc),
        Parameters = [.. method.Parameters!.Select(static p => p with { Doc = OneLine(p.Doc) })],
        Result = method.Result! with { Doc = OneLine(method.Result.Doc) },
    };

    private static string? OneLine(string? doc) =>
        doc is null ? null : string.Concat(doc.Select(static c => char.IsControl(c) || c is '\u2028' or '\u2029' ? ' ' : c));

    private static void CheckName(string name)
    {
        if (!TypeGrammar.IsName(name))
        {
            throw Refused($"\"{name}\" as a name");
        }
    }

    private static void CheckType(string? type)
    {
        if (type is null || !TypeGrammar.IsType(type))
        {
            throw Refused($"\"{type}\" as a type");
        }
    }

    private static void CheckValue(object? value)
    {
        if (value is not (null or string or bool or int or long or double or BigInteger))
        {
            throw Refused("a default value that is no plain value");
        }
    }
}
