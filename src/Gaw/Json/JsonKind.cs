namespace Gaw.Json;

/// <summary>The kind of the value that a <see cref="JsonReader"/> stands before.</summary>
internal enum JsonKind : byte
{
    /// <summary>Nothing but white space is left.</summary>
    End,

    /// <summary>An opening brace.</summary>
    Object,

    /// <summary>An opening bracket.</summary>
    Array,

    /// <summary>A text in double quotes.</summary>
    String,

    /// <summary>Digits alone, perhaps with a minus sign; any size.</summary>
    Integer,

    /// <summary>A number with a point or an exponent, or one of the words <c>NaN</c>, <c>Infinity</c>, <c>-Infinity</c>.</summary>
    Float,

    /// <summary>The word <c>true</c>.</summary>
    True,

    /// <summary>The word <c>false</c>.</summary>
    False,

    /// <summary>The word <c>null</c>.</summary>
    Null,

    /// <summary>Something no value starts with.</summary>
    Invalid,
}
