namespace Gaw.Services;

/// <summary>The kinds of return types.</summary>
internal enum ReturnKind
{
    Value,
    Task,
    TaskOf,
    ValueTask,
    ValueTaskOf,
    Stream,
}
