using System.Text;

namespace Gaw.Tool.Terminals;

/// <summary>The only door to a terminal: whatever is written through it, the terminal takes no orders from it. Line ends pass.</summary>
internal sealed class CleanWriter(TextWriter inner) : TextWriter(inner.FormatProvider)
{
    public override Encoding Encoding => inner.Encoding;

    [System.Diagnostics.CodeAnalysis.AllowNull]
    public override string NewLine
    {
        get => inner.NewLine;
        set => inner.NewLine = value;
    }

    public override void Write(char value) => inner.Write(CleanText.Lines(value.ToString()));

    public override void Write(string? value) => inner.Write(value is null ? null : CleanText.Lines(value.Replace("\r\n", "\n", StringComparison.Ordinal)));

    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    public override void Write(ReadOnlySpan<char> buffer) => Write(new string(buffer));

    public override void WriteLine(string? value) => inner.WriteLine(value is null ? null : CleanText.Lines(value.Replace("\r\n", "\n", StringComparison.Ordinal)));

    public override void WriteLine() => inner.WriteLine();

    public override Task WriteAsync(string? value)
    {
        Write(value);
        return Task.CompletedTask;
    }

    public override Task WriteLineAsync(string? value)
    {
        WriteLine(value);
        return Task.CompletedTask;
    }

    public override void Flush() => inner.Flush();
}
