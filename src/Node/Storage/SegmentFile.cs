using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Personalization.Node.Storage;

/// <summary>One file of the log, named for the first position that it can hold.</summary>
/// <param name="Path">The full path.</param>
/// <param name="First">The position in the name.</param>
/// <param name="IsSalvage">
/// True where a person renamed the file to <c>.salvage</c>, which says: what cannot be read of it is given up.
/// </param>
internal sealed record SegmentFile(string Path, long First, bool IsSalvage)
{
    private const string LogSuffix = ".log";
    private const string SalvageSuffix = ".salvage";

    /// <summary>Gets or sets how many bytes the file holds.</summary>
    public long Length { get; set; }

    public static string LogPath(string folder, long first) => System.IO.Path.Combine(folder, Name(first) + LogSuffix);

    public static string SalvagePath(string folder, long first) => System.IO.Path.Combine(folder, Name(first) + SalvageSuffix);

    /// <summary>Lists the segments of a folder by position; files with other names are somebody else's.</summary>
    public static List<SegmentFile> List(string folder)
    {
        var found = new List<SegmentFile>();
        foreach (var path in Directory.EnumerateFiles(folder))
        {
            if (TryParse(path, out var segment))
            {
                found.Add(segment);
            }
        }

        // A salvaged newest segment may be followed by a new one of the same position.
        return [.. found.OrderBy(segment => segment.First).ThenBy(segment => segment.IsSalvage ? 0 : 1)];
    }

    private static bool TryParse(string path, [NotNullWhen(true)] out SegmentFile? segment)
    {
        segment = null;
        var suffix = System.IO.Path.GetExtension(path);
        var name = System.IO.Path.GetFileNameWithoutExtension(path);
        if (suffix is not (LogSuffix or SalvageSuffix) || name.Length != 20
            || !long.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var first))
        {
            return false;
        }

        segment = new SegmentFile(path, first, suffix == SalvageSuffix) { Length = new FileInfo(path).Length };
        return true;
    }

    private static string Name(long first) => first.ToString("D20", CultureInfo.InvariantCulture);
}
