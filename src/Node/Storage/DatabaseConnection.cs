using Microsoft.Data.Sqlite;

namespace Personalization.Node.Storage;

/// <summary>Opens SQLite connections with the settings that hold for each of them.</summary>
internal static class DatabaseConnection
{
    public static SqliteConnection Open(string file, SqliteOpenMode mode)
    {
        // Connections are kept here, so ADO.NET's pool would only keep files open that should be closed.
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = mode, Pooling = false }.ToString());
        try
        {
            connection.Open();
            Statement.Run(connection, "PRAGMA busy_timeout=5000");
            return connection;
        }
        catch (SqliteException e)
        {
            connection.Dispose();
            throw SqliteFailure.Of(e, file);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
