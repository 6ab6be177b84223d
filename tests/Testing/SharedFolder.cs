namespace Personalization.Testing;

/// <summary>Finds the folder of real data and reference vectors that lies beside the checkout.</summary>
public static class SharedFolder
{
    private static readonly string? Root = Find();

    /// <summary>Gets the full path of a file below the shared folder, or null where the folder or file is absent.</summary>
    public static string? TryFile(string relativePath) =>
        Root is null || !File.Exists(Path.Combine(Root, relativePath)) ? null : Path.Combine(Root, relativePath);

    /// <summary>Gets the full path of a file below the shared folder.</summary>
    public static string FilePath(string relativePath) =>
        TryFile(relativePath) ?? throw new FileNotFoundException($"../shared/{relativePath} is not beside this checkout.");

    private static string? Find()
    {
        var shared = Path.Combine(Repository.Root, "..", "shared");
        return Directory.Exists(shared) ? Path.GetFullPath(shared) : null;
    }
}
