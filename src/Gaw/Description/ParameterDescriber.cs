using System.Reflection;
using Gaw.Serialization.Streams;
using Gaw.Shared;

namespace Gaw.Description;

/// <summary>A parameter of an entrypoint as plain values: its names, types, default and documentation.</summary>
internal static class ParameterDescriber
{
    /// <summary>Of a stream the type of its items; a Python caller gives a list of them.</summary>
    public static Dictionary<string, object?> Describe(ParameterInfo parameter, TypeDescriber types)
    {
        TypeText text = types.Describe(parameter);
        bool isVariadic = Signatures.IsParams(parameter);
        bool isStream = StreamTypes.GetItem(parameter.ParameterType) is not null;
        Dictionary<string, object?> described = new()
        {
            ["name"] = WireNames.ToSnakeCase(parameter.Name!),
            ["csharp"] = parameter.Name,
            ["type"] = text.CSharp,
            ["python"] = isStream ? $"list[{text.Python}]" : text.Python,
            ["optional"] = parameter.HasDefaultValue || isVariadic,
            ["variadic"] = isVariadic,
            ["doc"] = XmlDocumentation.OfParameter((MethodInfo)parameter.Member, parameter.Name!),
        };
        if (isStream)
        {
            described["stream"] = true;
        }

        if (parameter.HasDefaultValue)
        {
            described["default"] = DefaultValues.Of(parameter);
        }

        return described;
    }
}
