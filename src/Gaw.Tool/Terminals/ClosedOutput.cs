using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Gaw.Tool.Terminals;

/// <summary>The end of whoever reads the output, <c>head -1</c> for example. .NET's console passes over it, and a stream would run on for nobody.</summary>
internal static class ClosedOutput
{
    /// <summary>EPIPE, the same number on all Unix systems.</summary>
    private const int BrokenPipe = 32;

    private const int StandardOutput = 1;
    private const int BufferChars = 16 * 1024;

    /// <summary>Whether writing has failed because nobody reads any more.</summary>
    public static bool Explains(Exception exception) => exception is IOException { HResult: BrokenPipe };

    /// <summary>The standard output, written when it is flushed; a pipe past the console.</summary>
    public static TextWriter Open()
    {
        FileStream output = new(new SafeFileHandle(StandardOutput, ownsHandle: false), FileAccess.Write, bufferSize: 0);

        // A file stream has its own place in a file, and others may write there as well.
        return new StreamWriter(output.CanSeek ? Console.OpenStandardOutput() : output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), BufferChars);
    }
}
