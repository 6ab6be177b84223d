namespace Personalization.Deploy.Tests;

/// <summary>The files under test: <c>deploy/</c> of the checkout.</summary>
internal static class DeployFolder
{
    public static string Root { get; } = Path.Combine(Repository.Root, "deploy");

    /// <summary>Gives the full path of a file or folder below <c>deploy/</c>.</summary>
    public static string At(string relativePath) => Path.Combine(Root, relativePath);

    public static string Read(string relativePath) => File.ReadAllText(At(relativePath));

    /// <summary>Lists files by the end of their names, relative to <c>deploy/</c>; what tools leave behind in hidden folders is left out.</summary>
    public static IEnumerable<string> Files(params string[] ends) =>
        Directory.EnumerateFiles(Root, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Root, file))
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Any(part => part.StartsWith('.')))
            .Where(file => ends.Any(end => file.EndsWith(end, StringComparison.Ordinal)))
            .Order(StringComparer.Ordinal);
}
