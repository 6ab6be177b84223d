using System.Diagnostics;
using System.Globalization;
using Personalization.Node.Storage;

namespace Personalization.Node.Tests.Storage;

public sealed class DataFolderTests
{
    [Fact]
    public void A_missing_folder_is_made_with_its_parents_and_closed_to_others()
    {
        using var temporary = new TemporaryFolder();
        using var folder = DataFolder.Open(temporary["a/b"]);

        Assert.True(Directory.Exists(temporary["a/b"]));
        Assert.Equal(temporary["a/b/log"], folder.LogFolder);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(temporary["a/b"]));
        }
    }

    [Fact]
    public void A_folder_that_is_open_is_refused_with_the_process_that_has_it()
    {
        using var temporary = new TemporaryFolder();
        using var first = DataFolder.Open(temporary.Path);

        var refused = Assert.Throws<StorageException>(() => DataFolder.Open(temporary.Path));

        Assert.Contains(temporary.Path, refused.Message, StringComparison.Ordinal);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"pid {Environment.ProcessId}"), refused.Message, StringComparison.Ordinal);
        Assert.Contains("--data", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_was_closed_can_be_opened_again()
    {
        using var temporary = new TemporaryFolder();
        DataFolder.Open(temporary.Path).Dispose();
        DataFolder.Open(temporary.Path).Dispose();

        Assert.Equal(["lock"], Directory.GetFileSystemEntries(temporary.Path).Select(Path.GetFileName));
    }

    [FlockFact]
    public void A_folder_that_another_process_has_is_refused_until_that_process_dies()
    {
        using var temporary = new TemporaryFolder();
        File.WriteAllText(temporary["lock"], "4711\n");
        using var other = Process.Start(new ProcessStartInfo(
            "flock", ["--exclusive", "--no-fork", temporary["lock"], "sh", "-c", "echo taken; exec sleep 600"])
        {
            RedirectStandardOutput = true,
        })!;
        Assert.Equal("taken", other.StandardOutput.ReadLine());

        var refused = Assert.Throws<StorageException>(() => DataFolder.Open(temporary.Path));
        Assert.Contains("pid 4711", refused.Message, StringComparison.Ordinal);

        other.Kill();
        other.WaitForExit();
        DataFolder.Open(temporary.Path).Dispose();
    }

    [Fact]
    public void A_file_in_place_of_the_folder_is_refused_by_name()
    {
        using var temporary = new TemporaryFolder();
        File.WriteAllText(temporary["file"], "");

        foreach (var path in (string[])[temporary["file"], temporary["file/below"]])
        {
            var refused = Assert.Throws<StorageException>(() => DataFolder.Open(path));
            Assert.Contains(path, refused.Message, StringComparison.Ordinal);
            Assert.Contains("--data", refused.Message, StringComparison.Ordinal);
        }
    }

    [MountFact]
    public void A_read_only_folder_is_refused_by_name()
    {
        using var disk = new SmallDisk("256k", "ro");

        var refused = Assert.Throws<StorageException>(() => DataFolder.Open(disk.Path));

        Assert.Contains(disk.Path, refused.Message, StringComparison.Ordinal);
        Assert.Contains("cannot be written", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_a_name_is_refused() =>
        Assert.Contains("--data", Assert.Throws<StorageException>(() => DataFolder.Open(" ")).Message, StringComparison.Ordinal);

    private sealed class FlockFactAttribute : FactAttribute
    {
        public FlockFactAttribute() => Skip = File.Exists("/usr/bin/flock") ? null : "/usr/bin/flock is not on this machine.";
    }
}
