using Gaw;
using Microsoft.Data.Sqlite;

namespace Worker;

/// <summary>A unit of work on the database, as a DbContext would be: opened for one call, saved at its end.</summary>
public sealed class Shelf(Database database) : IAsyncDisposable
{
    private SqliteConnection? _connection;

    /// <summary>Adds to the count of an item, or takes from it.</summary>
    /// <returns>How many there are then.</returns>
    /// <exception cref="GawError">There are not so many; named <c>LookupError</c>.</exception>
    public async Task<int> ChangeAsync(string name, int change, CancellationToken cancellationToken)
    {
        _connection ??= await database.ConnectAsync(cancellationToken);
        await using SqliteCommand command = _connection.CreateCommand();
        command.CommandText = "INSERT OR IGNORE INTO shelf VALUES ($name, 0); UPDATE shelf SET count = count + $change WHERE name = $name AND count + $change >= 0 RETURNING count";
        command.Parameters.AddWithValue("$name", name);
        command.Parameters.AddWithValue("$change", change);
        if (await command.ExecuteScalarAsync(cancellationToken) is long left)
        {
            return (int)left;
        }

        throw new GawError("LookupError", $"There are not {-change} of {name} on the shelf. Put some there first.");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_connection is not null)
        {
            await _connection.DisposeAsync();
        }
    }
}
