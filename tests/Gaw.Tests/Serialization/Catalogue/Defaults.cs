using System.Collections;
using System.Reflection;
using Gaw.Tests.Support;

namespace Gaw.Tests.Serialization.Catalogue;

/// <summary>Looks for fields of a sample that have the value that they would have if nothing had arrived.</summary>
internal static class Defaults
{
    /// <summary>The first such field of a user's type; <see langword="null"/> when there is none.</summary>
    public static string? FirstIn(object? value)
    {
        if (value is null || Graphs.IsScalar(value.GetType()) || Graphs.IsOfTheFramework(value.GetType()))
        {
            return value is IEnumerable items and not string ? items.Cast<object?>().Select(FirstIn).FirstOrDefault(static found => found is not null) : null;
        }

        object? fresh = value.GetType().GetConstructor(Type.EmptyTypes)?.Invoke(null);
        foreach (FieldInfo field in Graphs.Fields(value.GetType()).Where(static field => !typeof(Delegate).IsAssignableFrom(field.FieldType) && !Graphs.IsOfTheFramework(field.DeclaringType!)))
        {
            object? held = field.GetValue(value);
            object? untouched = fresh is not null ? field.GetValue(fresh) : field.FieldType.IsValueType ? Activator.CreateInstance(field.FieldType) : null;
            if (Graphs.Difference(untouched, held) is null)
            {
                return $"{value.GetType().Name}.{field.Name}";
            }

            if (FirstIn(held) is { } inner)
            {
                return inner;
            }
        }

        return null;
    }
}
