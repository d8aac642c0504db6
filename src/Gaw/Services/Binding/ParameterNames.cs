using Gaw.Json;

namespace Gaw.Services.Binding;

/// <summary>The names that arguments are given by: a parameter's own, and the same in snake_case.</summary>
internal static class ParameterNames
{
    /// <summary>Finds the parameter with a name.</summary>
    /// <param name="parameters">All there are.</param>
    /// <param name="name">As it stands in the request.</param>
    /// <param name="spelling">In which of its spellings the name was given; -1 where there is none.</param>
    /// <returns>The index of the parameter; -1 where none has the name.</returns>
    public static int Find(Parameter[] parameters, JsonText name, out int spelling)
    {
        for (int i = 0; i < parameters.Length; i++)
        {
            byte[][] names = parameters[i].Utf8Names;
            for (spelling = 0; spelling < names.Length; spelling++)
            {
                if (name.Equals(names[spelling]))
                {
                    return i;
                }
            }
        }

        spelling = -1;
        return -1;
    }

    /// <summary>A name that a caller has made up, for messages.</summary>
    public static string Shorten(string name) => name.Length <= 100 ? name : string.Concat(name.AsSpan(0, 100), "…");
}
