namespace Gaw.Json;

/// <summary>A name as it stands between two members of an object that Python wrote, <c>, "name": </c>: so it is written, and recognised, as one run of bytes.</summary>
internal sealed class NameRun
{
    private const int Comma = 2;

    private readonly byte[] _bytes;

    /// <summary>Makes the run of a name of any characters.</summary>
    public NameRun(string name)
    {
        using JsonWriter writer = new();
        writer.Append(", "u8);
        writer.String(name);
        writer.Append(": "u8);
        _bytes = writer.Written.ToArray();
    }

    /// <summary>With the comma of a member that comes behind another.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>The name of the first member.</summary>
    public ReadOnlySpan<byte> WithoutComma => _bytes.AsSpan(Comma);
}
