namespace Personalization.Core.Patches;

/// <summary>
/// The characters that stand for template tags while a template's markup is checked. Unicode promises that these code points are
/// never characters, and HTML calls them an error, so no honest markup holds them.
/// </summary>
internal static class MarkupMarkers
{
    public const char Field = '\uFDD0';
    public const char SectionStart = '\uFDD1';
    public const char SectionEnd = '\uFDD2';

    /// <summary>A section about the list as a whole, which encloses elements and never a part of a value.</summary>
    public const char ListStart = '\uFDD3';

    /// <summary>What is written for a marker that stands in the template itself. Refused like any such code point.</summary>
    public const char Forged = '\uFDD4';

    public static bool IsMarker(char character) => character is Field or SectionStart or SectionEnd or ListStart;

    public static int FirstIn(ReadOnlySpan<char> text) => text.IndexOfAny([Field, SectionStart, SectionEnd, ListStart]);
}
