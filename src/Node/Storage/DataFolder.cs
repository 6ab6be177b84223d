using System.Globalization;

namespace Personalization.Node.Storage;

/// <summary>The folder that holds everything a node stores, locked for this process until disposed.</summary>
internal sealed class DataFolder : IDisposable
{
    private readonly FileStream _lock;

    private DataFolder(string path, FileStream @lock)
    {
        Path = path;
        _lock = @lock;
    }

    /// <summary>Gets the full path of the folder.</summary>
    public string Path { get; }

    /// <summary>Gets the folder of the event log.</summary>
    public string LogFolder => System.IO.Path.Combine(Path, "log");

    /// <summary>Gets the SQLite file.</summary>
    public string DatabaseFile => System.IO.Path.Combine(Path, "personalization.db");

    /// <summary>Creates the folder where it is missing, takes it for this process alone and proves that files can be made in it.</summary>
    /// <exception cref="StorageException">The folder cannot be used; the message says why and what to do.</exception>
    public static DataFolder Open(string path)
    {
        if (string.IsNullOrWhiteSpace(path))
        {
            throw new StorageException("The data folder has no name. Give one with --data.");
        }

        path = System.IO.Path.GetFullPath(path);
        if (File.Exists(path))
        {
            throw new StorageException($"'{path}' is a file, and the data needs a folder. Choose another one with --data.");
        }

        try
        {
            Create(path);
            var taken = Take(path);
            try
            {
                ProveWritable(path);
                return new DataFolder(path, taken);
            }
            catch
            {
                taken.Dispose();
                throw;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StorageException(
                $"The data folder '{path}' cannot be written: {e.Message.TrimEnd('.')}. Make it writable for this user, or choose "
                + "another one with --data.", e);
        }
    }

    // The file stays: whoever deletes a lock file may delete the one that the next process has just taken.
    public void Dispose() => _lock.Dispose();

    private static void Create(string path)
    {
        if (Directory.Exists(path))
        {
            return;
        }

        // What people did is nobody's business but the service's, so a new folder is closed to other users of the machine.
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private static FileStream Take(string path)
    {
        var file = System.IO.Path.Combine(path, "lock");
        FileStream? taken = null;
        try
        {
            // On Unix this is flock(2), which the kernel gives back when the process dies however it dies. Windows lets
            // others read, so that the process id can be told; on Unix it is read past the lock.
            taken = new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite,
                OperatingSystem.IsWindows() ? FileShare.Read : FileShare.None, bufferSize: 0);
            taken.SetLength(0);
            taken.Write(System.Text.Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + "\n"));
            return taken;
        }
        catch (IOException e) when (taken is null && IsTaken(e))
        {
            throw new StorageException(
                $"The data folder '{path}' is in use by another process ({Holder(file)}). Stop that process, or choose another folder with --data.",
                e);
        }
        catch
        {
            taken?.Dispose();
            throw;
        }
    }

    // EWOULDBLOCK on Linux and on macOS, ERROR_SHARING_VIOLATION on Windows.
    private static bool IsTaken(IOException e) => OperatingSystem.IsWindows()
        ? e.HResult == unchecked((int)0x80070020)
        : e.HResult == (OperatingSystem.IsMacOS() ? 35 : 11);

    private static string Holder(string file)
    {
        try
        {
            using var stream = OperatingSystem.IsWindows()
                ? new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite)
                : new FileStream(Posix.OpenForReading(file), FileAccess.Read);
            using var reader = new StreamReader(stream);
            return reader.ReadLine() is { Length: > 0 } pid ? $"pid {pid}" : "pid unknown";
        }
        catch (IOException)
        {
            return "pid unknown";
        }
    }

    private static void ProveWritable(string path)
    {
        var probe = System.IO.Path.Combine(path, "write-test");
        File.WriteAllBytes(probe, [1]);
        File.Delete(probe);
    }
}
