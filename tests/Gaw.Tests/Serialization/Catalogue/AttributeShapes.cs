using System.Diagnostics.CodeAnalysis;
using System.Runtime.Serialization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gaw.Tests.Serialization.Catalogue;

/// <summary>Attributes that count, attributes that are refused, and names that clash.</summary>
internal static class AttributeShapes
{
    public static IReadOnlyList<Shape> All { get; } =
    [
        Shape.Equal(() => new Renamed { A = 1, B = "b" }),
        Shape.Equal(() => new RenamedParameter(1)),
        Shape.Equal(() => new Included { A = 1 }),
        Shape.Equal(() => new Demanding { A = 1 }),
        Shape.Equal(() => new IgnoredWhenNull { A = 1, B = "b" }),
        Shape.Equal(() => new NeverIgnored { A = 1 }),
        Shape.Equal(() => new Tagged { A = 1, B = [2] }),
        Shape.Equal(() => new TaggedStruct { A = 1 }),
        Shape.Equal(() => new HoldsTagged { One = new Tagged { A = 1, B = [2] }, Many = { new Tagged { A = 3, B = [4] } } }),
        Shape.Equal(() => new SpacedNames { A = 1 }),
        Shape.Equal(() => new MarkersInTagged { V = 1, T = "t" }),
        Shape.Documented(DocumentedExceptions.Ignored, () => new Ignored { A = 1, B = "b", C = 2 }, () => new Ignored { A = 1 }),
        Shape.Documented(DocumentedExceptions.Ignored, () => new IgnoredByContract { Name = "n", Password = "p" }, () => new IgnoredByContract { Name = "n" }),
        Shape.Documented(DocumentedExceptions.Ignored, () => new IgnoredParameter("n", 3), () => new IgnoredParameter("n")),
        Shape.Documented(DocumentedExceptions.Ignored, () => new IgnoredComplex { A = 1, Log = new StringWriter() }, () => new IgnoredComplex { A = 1 }),
        Shape.Refused("JsonConverter", () => new Converted { A = 1 }),
        Shape.Refused("JsonConverter", () => new ConvertedMember { A = 1, B = 2 }),
        Shape.Refused("JsonExtensionData", () => new Extended { A = 1, More = new() { ["b"] = 2 } }),
        Shape.Refused("\"a\"", () => new Clashing { A = 1, a = 2 }),
        Shape.Refused("\"user_id\"", () => new ClashingNames { UserId = 1, User_Id = 2 }),
        Shape.Refused("\"b\"", () => new ClashingByAttribute { A = 1, B = 2 }),
        Shape.Refused("_v", () => new NamedAsMarker { A = 1 }),
        Shape.Refused("_t", () => new NamedAsTag { _t = 1 }),
        Shape.Refused("Stream", () => new HoldsStream { A = 1, Stream = new MemoryStream() }),
        Shape.Refused("Action", () => new HoldsAction { A = 1, Done = static () => { } }),
        Shape.Refused("Type", () => new HoldsType { Kind = typeof(int) }),
    ];

    public sealed class Renamed
    {
        [JsonPropertyName("The A")]
        public int A { get; set; }

        [JsonPropertyName("b.c")]
        public string? B { get; set; }
    }

    public sealed class RenamedParameter(int a)
    {
        [JsonPropertyName("other")]
        public int A { get; } = a;
    }

    public sealed class Included
    {
        [JsonInclude]
        public int A { get; internal set; }
    }

    public sealed class Demanding
    {
        [JsonRequired]
        public int A { get; set; }
    }

    public sealed class IgnoredWhenNull
    {
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
        public int A { get; set; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public string? B { get; set; }
    }

    public sealed class NeverIgnored
    {
        [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
        public int A { get; set; }
    }

    [GawSerializable("CatalogueTagged")]
    public sealed class Tagged { public int A { get; set; } public List<int>? B { get; set; } }

    [GawSerializable("CatalogueTaggedStruct")]
    public struct TaggedStruct { public int A { get; set; } }
    public sealed class HoldsTagged { public Tagged? One { get; set; } public List<Tagged> Many { get; } = []; }

    public sealed class SpacedNames
    {
        [JsonPropertyName("a b \"c\" é")]
        public int A { get; set; }
    }

    [GawSerializable("CatalogueMarkers")]
    public sealed class MarkersInTagged
    {
        [JsonPropertyName("_v")]
        public int V { get; set; }

        [JsonPropertyName("_t")]
        public string? T { get; set; }
    }

    public sealed class Ignored
    {
        public int A { get; set; }

        [JsonIgnore]
        public string? B { get; set; }

        [JsonIgnore]
        public int C;
    }

    [DataContract]
    public sealed class IgnoredByContract
    {
        public string? Name { get; set; }

        [IgnoreDataMember]
        public string? Password { get; set; }
    }

    public sealed class IgnoredParameter(string name, int level = 1)
    {
        public string Name { get; } = name;

        [JsonIgnore]
        public int Level { get; } = level;
    }

    public sealed class IgnoredComplex
    {
        public int A { get; set; }

        [JsonIgnore]
        public TextWriter? Log { get; set; }
    }

    [JsonConverter(typeof(NoConverter))]
    public sealed class Converted { public int A { get; set; } }

    public sealed class ConvertedMember
    {
        public int A { get; set; }

        [JsonConverter(typeof(NoConverter))]
        public int B { get; set; }
    }

    public sealed class Extended
    {
        public int A { get; set; }

        [JsonExtensionData]
        public Dictionary<string, object>? More { get; set; }
    }

    public sealed class Clashing { public int A { get; set; } public int a { get; set; } }
    public sealed class ClashingNames { public int UserId { get; set; } public int User_Id { get; set; } }

    public sealed class ClashingByAttribute
    {
        [JsonPropertyName("b")]
        public int A { get; set; }
        public int B { get; set; }
    }

    public sealed class NamedAsMarker
    {
        [JsonPropertyName("_v")]
        public int A { get; set; }
    }

    public sealed class NamedAsTag { public int _t { get; set; } }
    public sealed class HoldsStream { public int A { get; set; } public Stream? Stream { get; set; } }
    public sealed class HoldsAction { public int A { get; set; } public Action? Done { get; set; } }
    public sealed class HoldsType { public Type? Kind { get; set; } }

    [SuppressMessage("Performance", "CA1812", Justification = "Named in an attribute.")]
    internal sealed class NoConverter : JsonConverter<int>
    {
        public override int Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => 0;

        public override void Write(Utf8JsonWriter writer, int value, JsonSerializerOptions options) => writer.WriteNullValue();
    }
}
