using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Personalization.Node.Storage;

/// <summary>Turns SQLite's result codes into what a person can act upon.</summary>
internal static class SqliteFailure
{
    public static Exception Of(SqliteException e, string file) => Of(e.SqliteErrorCode, e.Message, file, e);

    public static Exception Of(int code, string message, string file, Exception? inner = null)
    {
        message = message.TrimEnd('.');

        // The low byte is the code, the rest says which of its kind.
        return (code & 0xFF) switch
        {
            raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB => new StorageException(
                $"'{file}' is damaged, or is not a database of this product ({message}). Restore the data folder from a copy, "
                + "or move the folder away to begin empty.", inner),
            raw.SQLITE_FULL or raw.SQLITE_IOERR or raw.SQLITE_READONLY or raw.SQLITE_CANTOPEN or raw.SQLITE_BUSY or raw.SQLITE_LOCKED
                or raw.SQLITE_NOMEM => new StorageUnavailableException(
                $"'{file}' could not be used ({message}). Nothing was changed; free space on the disk, or end the other program that "
                + "uses the file.", inner),
            _ => new InvalidOperationException($"SQLite refused a statement on '{file}' with code {code}: {message}.", inner),
        };
    }
}
