using System.Reflection;

namespace Gaw.Shared;

/// <summary>Questions about parameters that several rooms ask.</summary>
internal static class Signatures
{
    /// <summary>It is a <c>params</c> array, and takes any number of arguments.</summary>
    public static bool IsParams(ParameterInfo parameter) => parameter.IsDefined(typeof(ParamArrayAttribute)) && parameter.ParameterType.IsArray;
}
