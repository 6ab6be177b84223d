namespace Personalization.Core;

/// <summary>One thing that is wrong with what was sent, and where.</summary>
/// <param name="Path">Where, from the root of the document sent: <c>variants[1].weight</c>. Empty for the document itself.</param>
/// <param name="Code">A stable, machine-readable code in snake case: <c>unknown_operator</c>.</param>
/// <param name="Detail">One sentence for a person: what is wrong and what would be right.</param>
public sealed record Problem(string Path, string Code, string Detail)
{
    /// <summary>Joins a path and the name of a member below it.</summary>
    public static string Under(string path, string member) => path.Length == 0 ? member : $"{path}.{member}";

    /// <summary>Joins a path and the index of an element below it.</summary>
    public static string Under(string path, int index) => $"{path}[{index}]";
}
