using System.IO.Compression;
using System.Text;

namespace Personalization.Cli.Tests.Support;

/// <summary>A folder for the files of one test, gone afterwards.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("personalize-");

    public string PathOf(string name) => Path.Combine(_folder.FullName, name);

    public string Write(string name, string content)
    {
        File.WriteAllText(PathOf(name), content);
        return PathOf(name);
    }

    public string WriteGzip(string name, string content)
    {
        using var gzip = new GZipStream(File.Create(PathOf(name)), CompressionLevel.Fastest);
        gzip.Write(Encoding.UTF8.GetBytes(content));
        return PathOf(name);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
