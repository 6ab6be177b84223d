using System.Buffers;
using System.Text;

namespace Personalization.Node.Tests.Privacy;

/// <summary>Looks for texts in the raw bytes of every file of a folder.</summary>
internal static class Traces
{
    private static readonly Encoding[] Encodings = [Encoding.UTF8, Encoding.Unicode, Encoding.BigEndianUnicode];

    /// <summary>Finds texts in files, as UTF-8 or as UTF-16 of either order: the first of each file.</summary>
    public static IReadOnlyList<string> Find(string folder, params IReadOnlyList<string> texts)
    {
        // A byte is a character of Latin-1, so thousands of texts are looked for in one go.
        var wanted = SearchValues.Create(
            [.. texts.SelectMany(text => Encodings.Select(encoding => Encoding.Latin1.GetString(encoding.GetBytes(text))))], StringComparison.Ordinal);
        return [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(file => Path.GetFileName(file) != "lock")
            .Select(file => (File: Path.GetFileName(file), Content: Read(file)))
            .Select(entry => (entry.File, entry.Content, At: entry.Content.AsSpan().IndexOfAny(wanted)))
            .Where(entry => entry.At >= 0)
            .Select(entry => $"{entry.File} at {entry.At}: {entry.Content.Substring(entry.At, Math.Min(60, entry.Content.Length - entry.At))}")];
    }

    // The server has it open for writing.
    private static string Read(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return Encoding.Latin1.GetString(bytes);
    }
}
