namespace Gaw;

/// <summary>A value cannot be written to the wire, or what came from there cannot be read as the type asked for. The connection is unharmed.</summary>
public sealed class GawSerializationException : GawException
{
    private readonly string _problem;
    private readonly ValuePath _path = new();
    private string? _call;

    internal GawSerializationException(string problem, Exception? innerException = null)
        : base(problem, innerException) => _problem = problem;

    /// <summary>
    /// Where in the value, from the outside in: <c>args[1].points[3].x</c>, <c>result["k"]</c>. Empty where the value itself is meant. Long names are
    /// cut, and the way round a value that contains itself is shown once: <c>first.next...</c>.
    /// </summary>
    public string ValuePath => _path.ToString();

    /// <inheritdoc/>
    public override string Message => string.Join(": ", ((string?[])[_call, ValuePath, _problem]).Where(static part => !string.IsNullOrEmpty(part)));

    /// <summary>Says in the message which call it was. Returns <see langword="false"/>, so that an exception filter can call it.</summary>
    internal bool During(string path)
    {
        _call = path;
        return false;
    }

    /// <summary>Adds the place that encloses the one known so far. Returns <see langword="false"/>, so that an exception filter can call it.</summary>
    internal bool Within(string segment)
    {
        _path.Enclose(segment);
        return false;
    }
}
