using Microsoft.Data.Sqlite;

namespace Worker;

/// <summary>The embedded store: one for the process. In memory where no file is configured.</summary>
public sealed class Database : IDisposable
{
    private readonly SqliteConnection _first;

    private Database(string connectionString)
    {
        // A store in memory lives while a connection to it is open.
        _first = new SqliteConnection(connectionString);
        _first.Open();
        using SqliteCommand command = _first.CreateCommand();
        command.CommandText = "CREATE TABLE IF NOT EXISTS shelf (name TEXT PRIMARY KEY, count INTEGER NOT NULL)";
        command.ExecuteNonQuery();
    }

    /// <summary>Opens the store.</summary>
    /// <param name="file">Its file; <see langword="null"/> or empty for one in memory.</param>
    public static Database Open(string? file) => new(new SqliteConnectionStringBuilder
    {
        DataSource = string.IsNullOrEmpty(file) ? "shelf" : file,
        Mode = string.IsNullOrEmpty(file) ? SqliteOpenMode.Memory : SqliteOpenMode.ReadWriteCreate,
        Cache = SqliteCacheMode.Shared,
    }.ToString());

    /// <summary>A connection for one unit of work.</summary>
    public async Task<SqliteConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        SqliteConnection connection = new(_first.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        return connection;
    }

    /// <inheritdoc/>
    public void Dispose() => _first.Dispose();
}
