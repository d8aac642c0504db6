using System.Text;
using Gaw.Shared;
using Gaw.Tool.Values;

namespace Gaw.Tool.Generating;

/// <summary>Writes the description of a server as a Python module that needs nothing but Python: a client, a class for each service, and the types.</summary>
internal static class PythonGenerator
{
    /// <summary>What a reader of the module has to know of a method that streams elsewhere.</summary>
    private const string StreamRemark = "(A stream for .NET callers; here a list of all items, in one answer.)";

    /// <summary>Names that the client in the module has taken.</summary>
    private static readonly HashSet<string> Taken =
    [
        "Any", "Client", "GawError", "Value", "CLASSES", "UNSET", "aes_of", "to_wire", "from_wire",
        "annotations", "base64", "datetime", "hashlib", "hmac", "json", "os", "socket", "ssl", "threading", "uuid",
        "bool", "bytes", "dict", "float", "frozenset", "int", "isinstance", "len", "list", "object", "set", "str", "super", "tuple", "type", "vars",
    ];

    /// <summary>Writes the module.</summary>
    /// <param name="description">The server.</param>
    /// <param name="server">Where it is, for the example at the top.</param>
    /// <param name="encrypts">It encrypts, and so does the client unless it is told otherwise.</param>
    /// <param name="command">What writes the module again.</param>
    public static string Generate(Description description, ServerFacts server, bool encrypts, string command)
    {
        using StreamReader runtime = new(typeof(PythonGenerator).Assembly.GetManifestResourceStream("client.py")!);
        StringBuilder code = new();
        code.Append("\"\"\"Written by gaw. Do not edit it; write it again: ").Append(command).Append("\n\n");
        ServiceInfo? first = description.Services.FirstOrDefault();
        if (first is not null)
        {
            code.Append("    client = Client(").Append(Examples.QuotePython(server.Host)).Append(", ").Append(server.Port).Append(server.UsesSecret ? ", secret" : "").Append(server.UsesTls ? ", tls=ssl.create_default_context()" : "").Append(")\n    ").Append(Names.Python(first.Name)).Append(" = ").Append(ClassName(Names.Pascal(first.Name))).Append("(client)\n");
        }

        code.Append("\"\"\"\n\nfrom __future__ import annotations\n\n").Append(runtime.ReadToEnd().TrimEnd().Replace("encrypt: bool = False", encrypts ? "encrypt: bool = True" : "encrypt: bool = False", StringComparison.Ordinal)).Append('\n');
        foreach ((string name, TypeShape shape) in description.Types)
        {
            if (shape.Kind == "enum")
            {
                WriteEnum(code, name, shape);
            }
            else if (shape.WireName is not null)
            {
                WriteClass(code, name, shape);
            }
        }

        foreach (ServiceInfo service in description.Services)
        {
            WriteService(code, service);
        }

        return code.ToString();
    }

    private static void WriteEnum(StringBuilder code, string name, TypeShape shape)
    {
        code.Append("\n\nclass ").Append(ClassName(name)).Append(":\n");
        WriteDoc(code, shape.Doc, "    ");
        foreach (MemberShape member in shape.Members)
        {
            code.Append("    ").Append(Names.Python(WireName(member.Csharp).ToUpperInvariant())).Append(" = ").Append(Examples.QuotePython(member.Name)).Append('\n');
        }
    }

    private static void WriteClass(StringBuilder code, string name, TypeShape shape)
    {
        code.Append("\n\nclass ").Append(ClassName(name)).Append("(Value):\n");
        WriteDoc(code, shape.Doc, "    ");
        if (shape.WireName != ClassName(name))
        {
            code.Append("    wire_name = ").Append(Examples.QuotePython(shape.WireName!)).Append("\n\n");
        }

        List<MemberShape> members = [.. shape.Members.OrderBy(static m => m.Required ? 0 : 1)];
        code.Append("    def __init__(self").AppendJoin("", members.Select(static m => $", {Names.Python(m.Name)}: {m.Python}{(m.Required ? "" : $" = {Examples.ToPython(m.Default)}")}")).Append("):\n");
        code.Append("        super().__init__(").AppendJoin(", ", members.Select(static m => $"{Names.Python(m.Name)}={Names.Python(m.Name)}")).Append(")\n");
        code.Append("\n\nCLASSES[").Append(Examples.QuotePython(shape.WireName!)).Append("] = ").Append(ClassName(name)).Append('\n');
    }

    private static void WriteService(StringBuilder code, ServiceInfo service)
    {
        code.Append("\n\nclass ").Append(ClassName(Names.Pascal(service.Name))).Append(":\n");
        WriteDoc(code, service.Doc, "    ");
        code.Append("    def __init__(self, client: Client):\n        self._client = client\n");
        foreach (MethodInfo method in service.Methods)
        {
            code.Append("\n    def ").Append(Names.Python(method.Name)).Append("(self").AppendJoin("", method.Parameters!.Select(static p => ", " + Declare(p))).Append(") -> ").Append(method.Result!.Python).Append(":\n");
            WriteDoc(code, method.Result.Stream ? $"{method.Doc}{(method.Doc is null ? "" : " ")}{StreamRemark}" : method.Doc, "        ", endsBlock: false);
            bool isVariadic = method.Parameters!.Any(static p => p.Variadic);
            IEnumerable<ParameterInfo> byPosition = method.Parameters!.Where(p => isVariadic || !p.Optional);
            string[] each = [.. byPosition.Select(static p => $"{(p.Variadic ? "*" : "")}{Names.Python(p.Name)}")];
            string args = string.Join(", ", each) + (each.Length == 1 ? "," : "");
            string kwargs = string.Join(", ", method.Parameters!.Where(p => !isVariadic && p.Optional).Select(static p => $"{Examples.QuotePython(p.Name)}: {Names.Python(p.Name)}"));
            code.Append("        return self._client.call(").Append(Examples.QuotePython(method.Path)).Append(", (").Append(args).Append(')')
                .Append(kwargs.Length == 0 ? "" : $", {{{kwargs}}}").Append(")\n");
        }
    }

    private static string Declare(ParameterInfo parameter)
    {
        string name = Names.Python(parameter.Name);
        if (parameter.Variadic)
        {
            return $"*{name}: {(parameter.Python.StartsWith("list[", StringComparison.Ordinal) ? parameter.Python["list[".Length..^1] : "Any")}";
        }

        bool isUnset = parameter.Default is null && !parameter.Python.EndsWith("None", StringComparison.Ordinal);
        return $"{name}: {parameter.Python}{(parameter.Optional ? $" = {(isUnset ? "UNSET" : Examples.ToPython(parameter.Default))}" : "")}";
    }

    private static string ClassName(string name) => Taken.Contains(name) ? name + "_" : Names.Python(name);

    private static string WireName(string name) => SnakeCase.Of(name);

    private static void WriteDoc(StringBuilder code, string? doc, string indent, bool endsBlock = true)
    {
        if (doc is not null)
        {
            string escaped = doc.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"\"\"", "'''", StringComparison.Ordinal);
            code.Append(indent).Append("\"\"\"").Append(escaped.EndsWith('"') ? escaped + " " : escaped).Append("\"\"\"\n").Append(endsBlock ? "\n" : "");
        }
    }
}
