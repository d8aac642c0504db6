using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;

namespace Gaw.Description;

/// <summary>The texts of the documentation file beside an assembly. Read once, when somebody asks; without a file everything is undocumented.</summary>
internal sealed partial class XmlDocumentation
{
    private static readonly ConcurrentDictionary<Assembly, XmlDocumentation> Loaded = new();

    private readonly Dictionary<string, XElement> _members;

    private XmlDocumentation(Assembly assembly) => _members = Read(assembly);

    /// <summary>The summary of a type.</summary>
    public static string? Of(Type type) => Find(type.Assembly, $"T:{IdOf(type)}", "summary");

    /// <summary>The summary of a method.</summary>
    public static string? Of(MethodInfo method) => Find(method.DeclaringType!.Assembly, IdOf(method), "summary");

    /// <summary>The summary of a property or field.</summary>
    public static string? Of(MemberInfo member) =>
        Find(member.DeclaringType!.Assembly, $"{(member is PropertyInfo ? 'P' : 'F')}:{IdOf(member.DeclaringType)}.{member.Name}", "summary");

    /// <summary>The text on a method's result.</summary>
    public static string? OfResult(MethodInfo method) => Find(method.DeclaringType!.Assembly, IdOf(method), "returns");

    /// <summary>The text on a method's parameter.</summary>
    public static string? OfParameter(MethodInfo method, string name) => Find(method.DeclaringType!.Assembly, IdOf(method), "param", name);

    /// <summary>The text on the record's parameter that a member is made of.</summary>
    public static string? OfParameter(Type type, string name) => Find(type.Assembly, $"T:{IdOf(type)}", "param", name);

    private static string? Find(Assembly assembly, string id, string element, string? name = null)
    {
        XElement? found = Loaded.GetOrAdd(assembly, static a => new XmlDocumentation(a))._members.GetValueOrDefault(id)?
            .Elements(element).FirstOrDefault(e => name is null || (string?)e.Attribute("name") == name);
        string text = found is null ? "" : Spaces().Replace(string.Concat(found.Nodes().Select(ToText)), " ").Trim();
        return text.Length == 0 ? null : text;
    }

    private static string ToText(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { IsEmpty: false } element => string.Concat(element.Nodes().Select(ToText)),
        XElement element when (string?)(element.Attribute("langword") ?? element.Attribute("name")) is { } word => word,
        XElement element when (string?)element.Attribute("cref") is { } reference => reference[(reference.Split('(')[0].LastIndexOfAny(['.', ':']) + 1)..],
        _ => " ",
    };

    [UnconditionalSuppressMessage("SingleFile", "IL3000:Avoid accessing Assembly file path when publishing as a single file", Justification = "Without a file there is no documentation beside it, which is said by null.")]
    private static Dictionary<string, XElement> Read(Assembly assembly)
    {
        try
        {
            // A program that is one file has no documentation beside it, and no place to look.
            string file = assembly.IsDynamic || assembly.Location.Length == 0 ? "" : Path.ChangeExtension(assembly.Location, ".xml");
            return File.Exists(file)
                ? XDocument.Load(file).Descendants("member").GroupBy(static m => (string?)m.Attribute("name") ?? "").ToDictionary(static g => g.Key, static g => g.First())
                : [];
        }
        catch (Exception e) when (e is XmlException or IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static string IdOf(MethodInfo method)
    {
        string parameters = string.Join(",", method.GetParameters().Select(static p => IdOf(p.ParameterType)));
        return $"M:{IdOf(method.DeclaringType!)}.{method.Name}{(parameters.Length == 0 ? "" : $"({parameters})")}";
    }

    private static string IdOf(Type type)
    {
        if (type.IsArray)
        {
            return IdOf(type.GetElementType()!) + "[]";
        }

        if (!type.IsConstructedGenericType)
        {
            return (type.FullName ?? type.Name).Replace('+', '.');
        }

        string definition = type.GetGenericTypeDefinition().FullName!.Replace('+', '.');
        return $"{definition[..definition.IndexOf('`', StringComparison.Ordinal)]}{{{string.Join(",", type.GetGenericArguments().Select(IdOf))}}}";
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
