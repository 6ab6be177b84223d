using System.Collections.Frozen;

namespace Personalization.Core.Patches;

/// <summary>How the value of an attribute is compared.</summary>
public enum AttributeComparison
{
    /// <summary><c>[attr]</c>: the attribute is there.</summary>
    Present,

    /// <summary><c>=</c>: the whole value.</summary>
    Equal,

    /// <summary><c>^=</c>: how it begins.</summary>
    Prefix,

    /// <summary><c>$=</c>: how it ends.</summary>
    Suffix,

    /// <summary><c>*=</c>: anywhere in it.</summary>
    Substring,

    /// <summary><c>~=</c>: one of its words.</summary>
    Word,

    /// <summary><c>|=</c>: the whole value, or up to a hyphen.</summary>
    Language,
}

/// <summary><c>[name]</c> or <c>[name op value]</c>.</summary>
/// <param name="Name">The attribute's name in lower case.</param>
/// <param name="Comparison">How the value is compared.</param>
/// <param name="Value">What it is compared with; empty for <see cref="AttributeComparison.Present"/>.</param>
public sealed record AttributeSelector(string Name, AttributeComparison Comparison, string Value) : SimpleSelector
{
    // HTML Living Standard, section 4.16.2: the values of these compare without regard to ASCII case.
    private static readonly FrozenSet<string> Caseless =
        ("accept accept-charset align alink axis bgcolor charset checked clear codetype color compact declare defer dir direction " +
        "disabled enctype face frame hreflang http-equiv lang language link media method multiple nohref noresize noshade nowrap " +
        "readonly rel rev rules scope scrolling selected shape target text type valign valuetype vlink").Split(' ').ToFrozenSet();

    /// <summary>Tells whether it holds of an attribute's value.</summary>
    /// <param name="actual">The value after character references are decoded, or null when the element lacks the attribute.</param>
    public bool Accepts(string? actual)
    {
        if (actual is null)
        {
            return false;
        }

        var comparison = Caseless.Contains(Name) ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        return Comparison switch
        {
            AttributeComparison.Present => true,
            AttributeComparison.Equal => actual.Equals(Value, comparison),
            AttributeComparison.Prefix => Value.Length > 0 && actual.StartsWith(Value, comparison),
            AttributeComparison.Suffix => Value.Length > 0 && actual.EndsWith(Value, comparison),
            AttributeComparison.Substring => Value.Length > 0 && actual.Contains(Value, comparison),
            AttributeComparison.Word => Value.Length > 0
                && actual.Split(' ', '\t', '\n', '\r', '\f').Any(word => word.Equals(Value, comparison)),
            _ => actual.StartsWith(Value, comparison) && (actual.Length == Value.Length || actual[Value.Length] == '-'),
        };
    }
}
