using System.Text;
using Gaw.Tests.Support;

namespace Gaw.Tests.Serialization;

/// <summary>Every document that was recorded from the original, read and written again.</summary>
public sealed class VectorTests
{
    /// <summary>Values that the original could not read either, or that .NET has no type for; told by a part of the vector's name.</summary>
    private static readonly string[] Unreadable =
    [
        "closes_null_v_with_type",
        "closes_bad_datetime",
        "closes_bad_uuid",
        "closes_set_of_lists",
        "closes_offset_with_seconds",
        "argument_dict_only_v",
        "argument_dict_only_t",
        "type_datetime_plus_2359",
        "lenient_tuple_of_text/request",
    ];

    public static TheoryData<string> WithDocument => [.. Vectors.All.Where(vector => vector.Json is not null).Select(vector => vector.Name)];

    public static TheoryData<string> PlainWithoutDocument =>
        [.. Vectors.All.Where(vector => vector is { Mode: "plain", Json: null } && Payload(vector) is not null).Select(vector => vector.Name)];

    [Theory]
    [MemberData(nameof(WithDocument))]
    public void A_recorded_document_is_read_and_written_again_as_the_original_wrote_it(string name)
    {
        string json = Vectors.Named(name).Json!;
        if (Array.Exists(Unreadable, part => name.Contains(part, StringComparison.Ordinal)) && !name.EndsWith("_only_v/response", StringComparison.Ordinal) && !IsError(json))
        {
            Reading(json).Should().Throw<GawSerializationException>();
            return;
        }

        Written(Reading(json)()).Should().Be(Expected(name, json));
    }

    [Theory]
    [MemberData(nameof(PlainWithoutDocument))]
    public void What_is_no_document_is_refused(string name)
    {
        byte[] payload = Payload(Vectors.Named(name))!;
        FluentActions.Invoking(() => GawSerializer.Deserialize<object>(payload)).Should().Throw<GawSerializationException>();
    }

    /// <summary>The original's own text, except where the hand-made vectors use another style, doubled keys or the one reading that changes the text.</summary>
    private static string Expected(string name, string json)
    {
        bool isOriginalStyle = !name.Contains("lenient_", StringComparison.Ordinal) || name.EndsWith("/response", StringComparison.Ordinal);
        return name.Contains("type_dict_colliding_keys", StringComparison.Ordinal) ? json.Replace("\"1\": \"int\", ", "", StringComparison.Ordinal)
            : isOriginalStyle ? json
            : Written(Reading(json)());
    }

    private static bool IsError(string json) => json.Contains("\"success\": false", StringComparison.Ordinal);

    private static Func<object?> Reading(string json) => () => GawSerializer.Deserialize<object>(json);

    private static string Written(object? value) => GawSerializer.Serialize(value);

    private static byte[]? Payload(Vector vector)
    {
        int end = Array.IndexOf(vector.Frame, (byte)'\n');
        return end > 0 && int.TryParse(Encoding.ASCII.GetString(vector.Frame, 0, end), out int length) && length == vector.Frame.Length - end - 1 ? vector.Frame[(end + 1)..] : null;
    }
}
