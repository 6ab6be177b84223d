using System.Text;
using Microsoft.Data.Sqlite;
using Personalization.Node.Storage;
using Personalization.Node.Tests.Privacy;

namespace Personalization.Node.Tests.Storage;

/// <summary>What SQLite's own secure delete leaves in the unused parts of pages is cleared, and nothing else is touched.</summary>
public sealed class PageScrubberTests
{
    [Fact]
    public void Nothing_deleted_is_left_in_a_file_whose_rows_were_moved_about_and_every_other_row_is()
    {
        using var folder = new TemporaryFolder();
        var file = folder["test.db"];
        var random = new Random(1);
        var ids = Enumerable.Range(0, 20_000).Select(_ => new Guid(Bytes(16)).ToString()).ToArray();
        var states = ids.ToDictionary(id => id, id => (byte[])[.. Encoding.UTF8.GetBytes("state of " + id), .. Bytes(random.Next(100, 900))]);
        using (var database = Database.Open(file))
        {
            for (var round = 0; round < 20; round++)
            {
                var some = ids.AsSpan(round * 1000, 1000).ToArray();
                database.WriteCheckpoint(round + 1, some.Select(id => KeyValuePair.Create(id, (ReadOnlyMemory<byte>?)states[id])), []);
            }

            var gone = ids.Where((_, i) => i % 10 == 3).ToArray();
            database.WriteCheckpoint(21, gone.Select(id => KeyValuePair.Create(id, (ReadOnlyMemory<byte>?)null)), []);
            Assert.True(database.Scrub());

            Assert.Empty(Traces.Find(folder.Path, [.. gone.Select(id => id[..18])]));
            Assert.All(ids.Except(gone), id => Assert.Equal(states[id], database.ReadProfile(id)));

            // The writer's own memory of pages must not bring back what was cleared.
            database.WriteCheckpoint(22, ids.Except(gone).Select(id => KeyValuePair.Create(id, (ReadOnlyMemory<byte>?)states[id].AsMemory(0, 80))), []);
            Assert.True(database.EmptyWriteAheadLog());
            Assert.Empty(Traces.Find(folder.Path, [.. gone.Select(id => id[..18])]));
        }

        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        using var check = connection.CreateCommand();
        check.CommandText = "PRAGMA integrity_check";
        Assert.Equal("ok", check.ExecuteScalar());

        byte[] Bytes(int length)
        {
            var bytes = new byte[length];
            random.NextBytes(bytes);
            return bytes;
        }
    }
}
