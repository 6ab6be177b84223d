using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Personalization.Node.Storage;

/// <summary>The tables, their version, and who may open them.</summary>
internal static class DatabaseSchema
{
    /// <summary>The version this build writes, in SQLite's <c>user_version</c>.</summary>
    public const int Version = 2;

    // "PRSN". Tells our file from another program's, which must not be touched.
    private const int ApplicationId = 0x5052534E;

    // Profiles keep their rowid: against WITHOUT ROWID, measured with 500 k random ids and states of 400 to 900 bytes, new rows go
    // in 2 to 3 times as fast, reading all ids 2.5 times (the index holds nothing else), and a point read costs the same.
    private const string Tables = """
        CREATE TABLE meta(name TEXT PRIMARY KEY NOT NULL, value) WITHOUT ROWID;
        CREATE TABLE profiles(id TEXT PRIMARY KEY NOT NULL, state BLOB NOT NULL);
        CREATE TABLE learned(model TEXT NOT NULL, key TEXT NOT NULL, state BLOB NOT NULL, PRIMARY KEY(model, key));
        CREATE TABLE configuration(kind TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL, revision INTEGER NOT NULL,
            PRIMARY KEY(kind, id));
        CREATE TABLE items(id TEXT PRIMARY KEY NOT NULL, body TEXT NOT NULL, revision INTEGER NOT NULL);
        CREATE TABLE decision_blocks(sequence INTEGER PRIMARY KEY AUTOINCREMENT, first BLOB NOT NULL, last BLOB NOT NULL,
            count INTEGER NOT NULL, bytes INTEGER NOT NULL, body BLOB NOT NULL);
        CREATE INDEX decision_blocks_by_id ON decision_blocks(first, last, bytes);
        """;

    // What version 2 adds. Erasures name people only while they go on. A person's training sessions are found by pseudonym, their decisions by an
    // 8-byte hash. No release has written version 2 yet, so tables may be added here until one has.
    private const string TablesOfVersion2 = """
        CREATE TABLE audit(sequence INTEGER PRIMARY KEY NOT NULL, time INTEGER NOT NULL, kind TEXT NOT NULL, actor TEXT NOT NULL,
            subject TEXT, details TEXT NOT NULL, previous BLOB NOT NULL, hash BLOB NOT NULL);
        CREATE INDEX audit_by_subject ON audit(subject) WHERE subject IS NOT NULL;
        CREATE TABLE subjects(id TEXT PRIMARY KEY NOT NULL, salt BLOB NOT NULL);
        CREATE TABLE decision_people(sequence INTEGER PRIMARY KEY, hashes BLOB NOT NULL);
        CREATE TABLE erasures(id TEXT PRIMARY KEY NOT NULL, requested INTEGER NOT NULL, finished INTEGER NOT NULL, total INTEGER NOT NULL,
            done INTEGER NOT NULL, profiles INTEGER NOT NULL, decisions INTEGER NOT NULL, sessions INTEGER NOT NULL);
        CREATE TABLE erasure_people(erasure TEXT NOT NULL, person TEXT NOT NULL, folded INTEGER NOT NULL, PRIMARY KEY(erasure, person));
        CREATE TABLE training_secrets(number INTEGER PRIMARY KEY, secret BLOB NOT NULL, created INTEGER NOT NULL);
        CREATE TABLE training_sessions(sequence INTEGER PRIMARY KEY, secret INTEGER NOT NULL, pseudonym BLOB NOT NULL,
            ended INTEGER NOT NULL, body BLOB NOT NULL);
        CREATE INDEX training_sessions_by_pseudonym ON training_sessions(pseudonym);
        CREATE TABLE profile_keys(id TEXT PRIMARY KEY NOT NULL, proof BLOB NOT NULL);
        """;

    /// <summary>Refuses a file that is not ours or is newer than this build, before anything in it is changed.</summary>
    public static void Check(SqliteConnection connection)
    {
        var file = connection.DataSource;
        var isEmpty = Statement.Number(connection, "SELECT count(*) FROM sqlite_schema") == 0;
        if (!isEmpty && Statement.Number(connection, "PRAGMA application_id") != ApplicationId)
        {
            throw new StorageException($"'{file}' is the database of another program. Move it away, or choose another folder with --data.");
        }

        var version = Statement.Number(connection, "PRAGMA user_version");
        if (version > Version)
        {
            throw new StorageException(
                $"'{file}' was written by a newer version of the product (schema {version}; this one knows {Version}). Run that version, "
                + "or choose another folder with --data.");
        }
    }

    /// <summary>Makes the tables that are missing, in an empty file or one of an older version. Runs within a transaction.</summary>
    public static void Create(SqliteConnection connection)
    {
        var version = Statement.Number(connection, "PRAGMA user_version");
        if (version < 1)
        {
            Run(connection, Tables);
            Statement.Run(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA application_id={ApplicationId}"));
        }

        if (version < 2)
        {
            Run(connection, TablesOfVersion2);
        }

        if (version < Version)
        {
            Statement.Run(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version={Version}"));
        }
    }

    private static void Run(SqliteConnection connection, string tables)
    {
        foreach (var sql in tables.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            Statement.Run(connection, sql);
        }
    }
}
