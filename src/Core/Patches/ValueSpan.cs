namespace Personalization.Core.Patches;

/// <summary>The source of an attribute's value that holds placeholders: <c>[Start, End)</c>. It is an address when it has a use.</summary>
internal readonly record struct ValueSpan(int Start, int End, UrlUse? Use);
