using System.Text.Json;

namespace Personalization.Core.Conditions;

/// <summary>The named lists that <c>$inGroup</c> and <c>$notInGroup</c> refer to, prepared once for all conditions.</summary>
/// <remarks>Immutable and thread-safe. A condition keeps the lists it was compiled with.</remarks>
public sealed class SavedGroups
{
    private readonly Dictionary<string, ScalarSet> _groups = new(StringComparer.Ordinal);

    /// <summary>Prepares the lists.</summary>
    /// <param name="groups">The scalars of each list by the list's name. Arrays and objects among them are never found.</param>
    public SavedGroups(IReadOnlyDictionary<string, IReadOnlyList<AttributeValue>> groups)
    {
        ArgumentNullException.ThrowIfNull(groups);
        foreach (var (name, values) in groups)
        {
            _groups[name] = new ScalarSet(values, ignoreCase: false);
        }
    }

    /// <summary>Reads lists from a JSON object of arrays: <c>{"vip":["u1","u2"]}</c>.</summary>
    /// <param name="json">The object.</param>
    /// <param name="path">Where the object is in the document sent; the start of each problem's path.</param>
    /// <param name="problems">Receives <c>invalid_group</c> for each list that is no array of scalars, or <c>invalid_text</c>.</param>
    /// <returns>The lists, or null if there was a problem.</returns>
    public static SavedGroups? FromJson(JsonElement json, string path, ICollection<Problem> problems)
    {
        ArgumentNullException.ThrowIfNull(problems);
        var before = problems.Count;
        var groups = new Dictionary<string, IReadOnlyList<AttributeValue>>(StringComparer.Ordinal);

        if (json.ValueKind != JsonValueKind.Object)
        {
            problems.Add(new(path, "invalid_group", "Saved groups are an object of arrays."));
            return null;
        }

        if (JsonText.FindMalformed(json, path) is { } malformed)
        {
            problems.Add(new(malformed, "invalid_text", "The text is not well-formed Unicode."));
            return null;
        }

        foreach (var group in json.EnumerateObject())
        {
            var at = Problem.Under(path, group.Name);
            if (group.Value.ValueKind != JsonValueKind.Array)
            {
                problems.Add(new(at, "invalid_group", "A saved group is an array of strings, numbers, booleans or nulls."));
                continue;
            }

            var values = new List<AttributeValue>(group.Value.GetArrayLength());
            foreach (var element in group.Value.EnumerateArray())
            {
                if (element.ValueKind is JsonValueKind.Array or JsonValueKind.Object)
                {
                    problems.Add(new(
                        Problem.Under(at, values.Count),
                        "invalid_group",
                        "A member of a saved group is a string, a number, a boolean or null."));
                    break;
                }

                values.Add(AttributeValue.FromJson(element));
            }

            groups[group.Name] = values;
        }

        return problems.Count == before ? new SavedGroups(groups) : null;
    }

    /// <summary>Gets a list; one that does not exist is empty, as in GrowthBook.</summary>
    internal ScalarSet Find(string name) => _groups.GetValueOrDefault(name, ScalarSet.Empty);
}
