using System.Diagnostics.CodeAnalysis;

namespace Personalization.Core.Conditions;

/// <summary>What an <see cref="AttributeValue"/> holds.</summary>
public enum AttributeKind : byte
{
    /// <summary>The source has no such attribute. Conditions treat it as <see cref="Null"/>.</summary>
    Missing,

    /// <summary>The attribute is there and is null.</summary>
    Null,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>A 64-bit floating point number.</summary>
    Number,

    /// <summary>A string.</summary>
    Text,

    /// <summary>An ordered list of values.</summary>
    Array,

    /// <summary>Named values.</summary>
    [SuppressMessage("Naming", "CA1720", Justification = "JSON calls it an object.")]
    Object,
}
