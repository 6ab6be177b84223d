using Microsoft.Data.Sqlite;
using Personalization.Core.DeadLetters;

namespace Personalization.Node.Storage;

/// <content>Rejected events: bounded by number and by bytes, the oldest go first.</content>
internal sealed partial class Database
{
    /// <summary>The most that are kept.</summary>
    public const int MostDeadLetters = 10_000;

    /// <summary>The most bytes of them that are kept: 32 MiB.</summary>
    public const long MostDeadLetterBytes = 32L * 1024 * 1024;

    // A table of its own, made where it is missing, whatever version made the file.
    private const string DeadLetterTable = """
        CREATE TABLE IF NOT EXISTS dead_letters(id INTEGER PRIMARY KEY AUTOINCREMENT, type TEXT, code TEXT NOT NULL, device TEXT, login TEXT,
            bytes INTEGER NOT NULL, body BLOB NOT NULL);
        CREATE INDEX IF NOT EXISTS dead_letters_by_device ON dead_letters(device);
        CREATE INDEX IF NOT EXISTS dead_letters_by_login ON dead_letters(login);
        CREATE INDEX IF NOT EXISTS dead_letters_by_bytes ON dead_letters(id, bytes)
        """;

    private const string FittingLetters =
        "(?1='' OR type=?1) AND (?2='' OR code=?2) AND (?3='' OR device=?3 OR login=?3) AND (?4='' OR instr(?4, ','||id||',')>0)";

    /// <summary>Keeps some, and lets the oldest go where there are too many.</summary>
    /// <exception cref="StorageUnavailableException">None was kept, for example because the disk is full.</exception>
    public void KeepDeadLetters(IReadOnlyList<DeadLetter> letters)
    {
        lock (_writing)
        {
            InTransaction(() =>
            {
                foreach (var letter in letters)
                {
                    var body = DeadLetterCodec.Write(letter);
                    Prepare("INSERT INTO dead_letters(type, code, device, login, bytes, body) VALUES(nullif(?1, ''), ?2, nullif(?3, ''), nullif(?4, ''), ?5, ?6)")
                        .Bind(1, letter.Type ?? "").Bind(2, letter.Problem.Code).Bind(3, letter.AnonymousId ?? "").Bind(4, letter.UserId ?? "")
                        .Bind(5, body.Length).Bind(6, body).Run();
                }

                // The newest whose bytes add up to no more than is kept stay.
                Prepare("""
                    DELETE FROM dead_letters WHERE id <= coalesce((SELECT id FROM (
                        SELECT id, row_number() OVER newest AS place, sum(bytes) OVER newest AS total FROM dead_letters WINDOW newest AS (ORDER BY id DESC))
                        WHERE place > ?1 OR total > ?2 ORDER BY id DESC LIMIT 1), 0)
                    """).Bind(1, MostDeadLetters).Bind(2, MostDeadLetterBytes).Run();
            });
        }
    }

    /// <summary>Gives those that fit, the newest first, as many as the filter says.</summary>
    public IReadOnlyList<DeadLetter> FindDeadLetters(DeadLetterFilter filter)
    {
        using var reader = _readers.Take();
        var statement = reader.Prepare($"SELECT id, body FROM dead_letters WHERE {FittingLetters} ORDER BY id DESC LIMIT ?5");
        Bind(statement, filter).Bind(5, filter.Limit);
        var found = new List<DeadLetter>();
        while (statement.Step())
        {
            found.Add(DeadLetterCodec.Read(statement.Long(0), statement.Blob(1)));
        }

        return found;
    }

    /// <summary>Removes all that fit, and gives how many.</summary>
    public int RemoveDeadLetters(DeadLetterFilter filter)
    {
        lock (_writing)
        {
            var removed = 0;
            InTransaction(() =>
            {
                Bind(Prepare($"DELETE FROM dead_letters WHERE {FittingLetters}"), filter).Run();
                var changes = Prepare("SELECT changes()");
                removed = changes.Step() ? (int)changes.Long(0) : 0;
                changes.Reset();
            });
            return removed;
        }
    }

    private static void MakeDeadLetterTable(SqliteConnection connection)
    {
        foreach (var sql in DeadLetterTable.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            Statement.Run(connection, sql);
        }
    }

    private static Statement Bind(Statement statement, DeadLetterFilter filter) => statement
        .Bind(1, filter.Type ?? "").Bind(2, filter.Code ?? "").Bind(3, filter.Person ?? "")
        .Bind(4, filter.Ids is null ? "" : $",{string.Join(',', filter.Ids)},");
}
