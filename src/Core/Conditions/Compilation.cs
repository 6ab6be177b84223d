using System.Text.Json;

namespace Personalization.Core.Conditions;

/// <summary>What one compilation has found wrong and used up so far.</summary>
internal sealed class Compilation(string root, ICollection<Problem> problems, SavedGroups? savedGroups)
{
    private int _nodes;

    /// <summary>Gets a value indicating whether there was any problem.</summary>
    public bool Failed { get; private set; }

    /// <summary>Notes a problem.</summary>
    public void Refuse(string path, string code, string detail)
    {
        Failed = true;
        problems.Add(new(path, code, detail));
    }

    /// <summary>Counts one node, and tells whether it may be compiled; notes a problem at the first one that may not.</summary>
    /// <remarks>Every problem of a condition is behind a node, so this bounds the problems too.</remarks>
    public bool Enter(string path, int depth)
    {
        if (++_nodes > ConditionCompiler.MaxNodes)
        {
            if (_nodes == ConditionCompiler.MaxNodes + 1)
            {
                Refuse(
                    root,
                    "too_large",
                    $"The condition has more than {ConditionCompiler.MaxNodes} parts; for a long list use '$in' or a saved group.");
            }

            return false;
        }

        if (depth > ConditionCompiler.MaxDepth)
        {
            Refuse(path, "too_deep", $"Conditions nest at most {ConditionCompiler.MaxDepth} deep.");
            return false;
        }

        return true;
    }

    /// <summary>Gets the members of an object that may be compiled, with their paths. A name that came before is a problem.</summary>
    public IEnumerable<(JsonProperty Member, string Path)> Members(JsonElement json, string path, int depth)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in json.EnumerateObject())
        {
            var at = Problem.Under(path, member.Name);
            if (!Enter(at, depth))
            {
                yield break;
            }

            if (seen.Add(member.Name))
            {
                yield return (member, at);
            }
            else
            {
                Refuse(at, "duplicate_member", $"'{member.Name}' is there twice; join both by '$and'.");
            }
        }
    }

    /// <summary>Gets a saved group; one that does not exist is empty.</summary>
    public ScalarSet Group(string name) => savedGroups?.Find(name) ?? ScalarSet.Empty;
}
