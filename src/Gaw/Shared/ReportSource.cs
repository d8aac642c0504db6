using Gaw.Json;

namespace Gaw.Shared;

/// <summary>What a method says of its progress: the newest state, not a log. Thread-safe.</summary>
internal abstract class ReportSource
{
    /// <summary>Something was said since the newest state was written last.</summary>
    public abstract bool HasNew { get; }

    /// <summary>Writes the newest state as one value. Runs code of the service, which may throw.</summary>
    public abstract void WriteNewest(JsonWriter writer);
}
