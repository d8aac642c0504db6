using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;

namespace Gaw.Tests.Documents;

/// <summary>Durations in messages and logs are written for people, by <see cref="Gaw.Logging.DurationText"/>: "0.034 s", not "00:00:00.0342107".</summary>
public sealed class DurationMessageTests
{
    private static readonly Assembly Library = typeof(GawClient).Assembly;

    [Fact]
    public void No_log_event_takes_a_bare_duration()
    {
        List<MethodInfo> events = [.. Library.GetTypes()
            .SelectMany(static type => type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Where(static method => method.IsDefined(typeof(LoggerMessageAttribute)))];

        events.Should().Contain(static method => method.Name == "TryingAgain", "the events are found");
        events.Where(static method => method.GetParameters().Any(static parameter => IsDuration(parameter.ParameterType))).Select(static method => method.Name).Should().BeEmpty();
    }

    /// <summary>An interpolated text that a duration is put into names <c>AppendFormatted&lt;TimeSpan&gt;</c> in the metadata of its assembly.</summary>
    [Fact]
    public void No_text_is_put_together_with_a_bare_duration()
    {
        AppendedTypes(Library.Location).Should().Contain("Int32", "what is put into texts is found").And.NotContain(nameof(TimeSpan));
        AppendedTypes(GetType().Assembly.Location).Should().Contain(nameof(TimeSpan), "this assembly does it, in the next line");
        $"{TimeSpan.FromSeconds(1)}".Should().Be("00:00:01");
    }

    private static bool IsDuration(Type type) => (Nullable.GetUnderlyingType(type) ?? type) == typeof(TimeSpan);

    private static HashSet<string> AppendedTypes(string file)
    {
        using PEReader image = new(File.OpenRead(file));
        MetadataReader metadata = image.GetMetadataReader();
        HashSet<string> found = [];
        for (int row = 1; row <= metadata.GetTableRowCount(TableIndex.MethodSpec); row++)
        {
            MethodSpecification method = metadata.GetMethodSpecification(MetadataTokens.MethodSpecificationHandle(row));
            if (method.Method.Kind == HandleKind.MemberReference
                && metadata.StringComparer.Equals(metadata.GetMemberReference((MemberReferenceHandle)method.Method).Name, nameof(DefaultInterpolatedStringHandler.AppendFormatted)))
            {
                found.Add(TypeArgument(metadata, metadata.GetBlobReader(method.Signature)));
            }
        }

        return found;
    }

    /// <summary>The name of the first type argument, where it is a primitive or a type of another assembly.</summary>
    private static string TypeArgument(MetadataReader metadata, BlobReader signature)
    {
        signature.ReadSignatureHeader();
        signature.ReadCompressedInteger();
        SignatureTypeCode code = signature.ReadSignatureTypeCode();
        return code == SignatureTypeCode.TypeHandle && signature.ReadTypeHandle() is { Kind: HandleKind.TypeReference } type
            ? metadata.GetString(metadata.GetTypeReference((TypeReferenceHandle)type).Name)
            : code.ToString();
    }
}
