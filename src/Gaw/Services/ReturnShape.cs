namespace Gaw.Services;

/// <summary>The result of a method, by its return type: a value or nothing, now or behind a task, or a stream of values. Pure.</summary>
/// <param name="Kind">Now, or behind which task.</param>
/// <param name="Result">The type of the value, without its task, or of a stream's items; <see langword="void"/> where there is none.</param>
internal readonly record struct ReturnShape(ReturnKind Kind, Type Result)
{
    /// <summary>It gives a task or a stream.</summary>
    public bool IsAsync => Kind is not ReturnKind.Value;

    public static ReturnShape Of(Type returned)
    {
        Type? generic = returned.IsGenericType ? returned.GetGenericTypeDefinition() : null;
        return returned == typeof(Task) ? new ReturnShape(ReturnKind.Task, typeof(void))
            : returned == typeof(ValueTask) ? new ReturnShape(ReturnKind.ValueTask, typeof(void))
            : generic == typeof(Task<>) ? new ReturnShape(ReturnKind.TaskOf, returned.GetGenericArguments()[0])
            : generic == typeof(IAsyncEnumerable<>) ? new ReturnShape(ReturnKind.Stream, returned.GetGenericArguments()[0])
            : generic == typeof(ValueTask<>) ? new ReturnShape(ReturnKind.ValueTaskOf, returned.GetGenericArguments()[0])
            : new ReturnShape(ReturnKind.Value, returned);
    }
}
