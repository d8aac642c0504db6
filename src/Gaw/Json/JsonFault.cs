namespace Gaw.Json;

/// <summary>Why a document was refused.</summary>
internal enum JsonFault
{
    /// <summary>It is not JSON as Python reads it.</summary>
    Syntax,

    /// <summary>Deeper than <see cref="JsonLimits.MaxDepth"/>.</summary>
    TooDeep,

    /// <summary>More values than <see cref="JsonLimits.MaxValues"/>.</summary>
    TooManyValues,

    /// <summary>An integer longer than <see cref="JsonLimits.MaxDigits"/>.</summary>
    TooManyDigits,
}
