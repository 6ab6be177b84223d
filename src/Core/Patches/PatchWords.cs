using System.Collections.Frozen;
using System.Text.Json;

namespace Personalization.Core.Patches;

/// <summary>The names of an enum's members as they are written in JSON, both ways.</summary>
internal static class PatchWords<T>
    where T : struct, Enum
{
    private static readonly FrozenDictionary<string, T> ByName =
        Enum.GetValues<T>().ToFrozenDictionary(value => JsonNamingPolicy.CamelCase.ConvertName(value.ToString()));

    private static readonly FrozenDictionary<T, string> ByValue = ByName.ToFrozenDictionary(pair => pair.Value, pair => pair.Key);

    /// <summary>Gets all names in the order of the enum, for the message of a problem.</summary>
    public static string All { get; } = string.Join(", ", Enum.GetValues<T>().Select(value => ByValue[value]));

    public static string Of(T value) => ByValue[value];

    public static bool TryRead(string name, out T value) => ByName.TryGetValue(name, out value);
}
