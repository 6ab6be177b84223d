using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace Personalization.Node.Storage;

/// <summary>The read connections: taken by one thread for one look-up, and kept for the next.</summary>
internal sealed class DatabaseReaders(string file) : IDisposable
{
    // More than this many readers at once is possible, but the extra ones are closed afterwards.
    private static readonly int Kept = Math.Max(4, Environment.ProcessorCount * 2);

    private readonly ConcurrentBag<DatabaseReader> _idle = [];
    private volatile bool _closed;

    public DatabaseReader Take()
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        return _idle.TryTake(out var reader) ? reader : new DatabaseReader(file, Return);
    }

    public void Dispose()
    {
        _closed = true;
        CloseIdle();
    }

    private void Return(DatabaseReader reader)
    {
        if (_idle.Count >= Kept)
        {
            reader.Close();
            return;
        }

        _idle.Add(reader);
        if (_closed)
        {
            CloseIdle();
        }
    }

    private void CloseIdle()
    {
        while (_idle.TryTake(out var reader))
        {
            reader.Close();
        }
    }
}

/// <summary>One read connection with its statements; disposing gives it back.</summary>
internal sealed class DatabaseReader : IDisposable
{
    private readonly Action<DatabaseReader> _giveBack;
    private readonly Dictionary<string, Statement> _statements = new(StringComparer.Ordinal);
    private readonly SqliteConnection _connection;

    public DatabaseReader(string file, Action<DatabaseReader> giveBack)
    {
        _giveBack = giveBack;
        _connection = DatabaseConnection.Open(file, SqliteOpenMode.ReadOnly);
    }

    /// <summary>Gets the statement of this text, prepared at its first use.</summary>
    public Statement Prepare(string sql)
    {
        if (!_statements.TryGetValue(sql, out var statement))
        {
            _statements[sql] = statement = new Statement(_connection, sql);
        }

        return statement;
    }

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
        {
            statement.Reset();
        }

        _giveBack(this);
    }

    public void Close()
    {
        foreach (var statement in _statements.Values)
        {
            statement.Dispose();
        }

        _connection.Dispose();
    }
}
