using System.Buffers;
using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Personalization.Node.Storage;

/// <summary>One prepared statement, kept and run again. Belongs to one thread at a time.</summary>
/// <remarks>
/// Below ADO.NET, because blobs go in as spans and come out as one array, and nothing is allocated per row. Text is bound and read
/// by length, so an id may hold any character.
/// </remarks>
internal sealed class Statement : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;
    private readonly string _file;

    public Statement(SqliteConnection connection, string sql)
    {
        _database = connection.Handle!;
        _file = connection.DataSource;
        var code = raw.sqlite3_prepare_v2(_database, sql, out _statement);
        if (code != raw.SQLITE_OK)
        {
            throw Failure(code);
        }
    }

    /// <summary>Runs a statement that is needed once.</summary>
    public static void Run(SqliteConnection connection, string sql)
    {
        using var statement = new Statement(connection, sql);
        statement.Run();
    }

    /// <summary>Runs a statement that is needed once, and returns the number it answers; 0 where it answers none.</summary>
    public static long Number(SqliteConnection connection, string sql)
    {
        using var statement = new Statement(connection, sql);
        return statement.Step() ? statement.Long(0) : 0;
    }

    public Statement Bind(int index, long value) => Checked(raw.sqlite3_bind_int64(_statement, index, value));

    public Statement Bind(int index, ReadOnlySpan<byte> blob) => Checked(raw.sqlite3_bind_blob(_statement, index, blob));

    public Statement Bind(int index, string text)
    {
        if (text.Length == 0)
        {
            return Checked(raw.sqlite3_bind_text(_statement, index, ""));
        }

        byte[]? rented = null;
        var most = Encoding.UTF8.GetMaxByteCount(text.Length);
        var bytes = most <= 512 ? stackalloc byte[512] : rented = ArrayPool<byte>.Shared.Rent(most);
        var length = Encoding.UTF8.GetBytes(text, bytes);
        var code = raw.sqlite3_bind_text(_statement, index, bytes[..length]);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        return Checked(code);
    }

    /// <summary>Moves to the next row; false behind the last.</summary>
    public bool Step()
    {
        var code = raw.sqlite3_step(_statement);
        return code switch
        {
            raw.SQLITE_ROW => true,
            raw.SQLITE_DONE => false,
            _ => throw Failure(code),
        };
    }

    /// <summary>Runs to the end and makes ready for the next run.</summary>
    public void Run()
    {
        try
        {
            while (Step())
            {
            }
        }
        finally
        {
            Reset();
        }
    }

    // A statement that is not reset keeps its snapshot, and the write-ahead log grows behind it. Reset repeats the code of a step
    // that failed, which has been thrown already.
    public void Reset() => raw.sqlite3_reset(_statement);

    public long Long(int column) => raw.sqlite3_column_int64(_statement, column);

    public bool IsNull(int column) => raw.sqlite3_column_type(_statement, column) == raw.SQLITE_NULL;

    public byte[] Blob(int column) => raw.sqlite3_column_blob(_statement, column).ToArray();

    public string Text(int column) => Encoding.UTF8.GetString(raw.sqlite3_column_blob(_statement, column));

    public void Dispose() => _statement.Dispose();

    private Statement Checked(int code) => code == raw.SQLITE_OK ? this : throw Failure(code);

    private Exception Failure(int code) => SqliteFailure.Of(code, raw.sqlite3_errmsg(_database).utf8_to_string(), _file);
}
