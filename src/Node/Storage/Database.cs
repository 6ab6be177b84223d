using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Personalization.Node.Storage;

/// <summary>
/// The SQLite file of a node: profile snapshots and learned rows up to a log position, configuration, items and decisions.
/// </summary>
/// <remarks>
/// <para>
/// Safe for many threads: writes take turns on one connection, look-ups use connections of their own and see the last commit.
/// A long write therefore makes other writes wait, never a reader.
/// </para>
/// <para>
/// <c>synchronous=FULL</c>: with NORMAL a commit in WAL mode may be undone by a power cut. The log cannot cover that, because its
/// segments are deleted on the word of this commit, and configuration is in no log at all. FULL costs one fsync a commit.
/// <c>secure_delete=ON</c> overwrites what is deleted; it measured as free. It is not enough for an erased person not to be found in the
/// file, see <see cref="PageScrubber"/>.
/// </para>
/// </remarks>
internal sealed partial class Database : IDisposable
{
    private readonly Lock _writing = new();
    private readonly string _file;
    private readonly SqliteConnection _writer;
    private readonly DatabaseReaders _readers;
    private readonly PageScrubber _scrubber;
    private readonly Dictionary<string, Statement> _statements = new(StringComparer.Ordinal);
    private long _checkpoint;
    private long _revision;
    private long _auditPosition;

    private Database(string file, SqliteConnection writer)
    {
        _file = file;
        _writer = writer;
        _readers = new DatabaseReaders(file);
        _scrubber = new PageScrubber(file, (int)Statement.Number(writer, "PRAGMA page_size"));
        _checkpoint = ReadMeta(CheckpointName);
        _revision = ReadMeta(RevisionName);
        _auditPosition = ReadMeta(AuditPositionName);
        MeasureDecisions();
    }

    /// <summary>Opens the file, and makes it and its tables where missing.</summary>
    /// <exception cref="StorageException">The file is damaged, foreign, newer than this build or cannot be used.</exception>
    public static Database Open(string file)
    {
        SqliteConnection? writer = null;
        try
        {
            writer = DatabaseConnection.Open(file, SqliteOpenMode.ReadWriteCreate);
            DatabaseSchema.Check(writer);

            Statement.Run(writer, "PRAGMA journal_mode=WAL");
            Statement.Run(writer, "PRAGMA synchronous=FULL");
            Statement.Run(writer, "PRAGMA secure_delete=ON");
            Statement.Run(writer, "PRAGMA cache_size=-65536");
            // A large checkpoint writes all of itself to the write-ahead log; the next one gives the space back.
            Statement.Run(writer, "PRAGMA journal_size_limit=67108864");

            Statement.Run(writer, "BEGIN IMMEDIATE");
            DatabaseSchema.Create(writer);
            MakeDeadLetterTable(writer);
            Statement.Run(writer, "COMMIT");
            return new Database(file, writer);
        }
        catch (StorageUnavailableException e)
        {
            writer?.Dispose();
            throw new StorageException(e.Message, e);
        }
        catch
        {
            writer?.Dispose();
            throw;
        }
    }

    /// <summary>Copies the write-ahead log into the file and empties it, so that nothing deleted is left in either.</summary>
    /// <returns>False where a reader is still using the log; then it has to be called again.</returns>
    public bool EmptyWriteAheadLog()
    {
        lock (_writing)
        {
            return Statement.Number(_writer, "PRAGMA wal_checkpoint(TRUNCATE)") == 0;
        }
    }

    /// <summary>Leaves nothing deleted in the file or beside it: empties the write-ahead log and clears the unused parts of all pages.</summary>
    /// <returns>False where a reader is still using the log; then it has to be called again.</returns>
    /// <remarks>Reads the whole file. Other writes wait for it, look-ups do not.</remarks>
    public bool Scrub()
    {
        lock (_writing)
        {
            if (Statement.Number(_writer, "PRAGMA wal_checkpoint(TRUNCATE)") != 0)
            {
                return false;
            }

            try
            {
                _scrubber.ScrubAll();
            }
            catch (IOException e)
            {
                throw new StorageUnavailableException($"'{_file}' could not be cleared of what was deleted: {e.Message}", e);
            }

            // Pages in memory still have what was cleared, and would carry it back.
            Statement.Run(_writer, "PRAGMA shrink_memory");
            return true;
        }
    }

    public void Dispose()
    {
        lock (_writing)
        {
            _readers.Dispose();
            foreach (var statement in _statements.Values)
            {
                statement.Dispose();
            }

            _statements.Clear();
            _writer.Dispose();
            _scrubber.Dispose();
        }
    }

    // All of it or nothing, also when the work itself throws.
    private void InTransaction(Action work)
    {
        Prepare("BEGIN IMMEDIATE").Run();
        try
        {
            work();
            Prepare("COMMIT").Run();
        }
        catch
        {
            // SQLite has rolled back by itself when the disk was full.
            if (raw.sqlite3_get_autocommit(_writer.Handle) == 0)
            {
                Prepare("ROLLBACK").Run();
            }

            throw;
        }
    }

    // The writer's statement of this text; only under the lock.
    private Statement Prepare(string sql)
    {
        if (!_statements.TryGetValue(sql, out var statement))
        {
            _statements[sql] = statement = new Statement(_writer, sql);
        }

        return statement;
    }

    private long ReadMeta(string name)
    {
        using var statement = new Statement(_writer, "SELECT value FROM meta WHERE name=?1");
        return statement.Bind(1, name).Step() ? statement.Long(0) : 0;
    }

    private void WriteMeta(string name, long value) =>
        Prepare("INSERT INTO meta(name, value) VALUES(?1, ?2) ON CONFLICT(name) DO UPDATE SET value=excluded.value")
            .Bind(1, name).Bind(2, value).Run();
}
