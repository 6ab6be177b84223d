namespace Personalization.Bench;

/// <summary>Where things are.</summary>
internal static class Folders
{
    public static readonly string Repository = Find();

    /// <summary>Everything a run writes besides the table; on the disk that the durable rows measure.</summary>
    public static string Artifacts => Directory.CreateDirectory(Path.Combine(Repository, "artifacts", "bench")).FullName;

    public static string Results => Directory.CreateDirectory(Path.Combine(Repository, "bench", "results")).FullName;

    public static string Player => Path.Combine(Repository, "bench", "wrk", "play.lua");

    /// <summary>A folder in <see cref="Artifacts"/> with nothing in it.</summary>
    public static string Fresh(string name)
    {
        var folder = Path.Combine(Artifacts, name);
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        return Directory.CreateDirectory(folder).FullName;
    }

    private static string Find()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Personalization.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The benchmarks run within the repository.");
        }

        return folder;
    }
}
