using System.Text;
using Microsoft.Data.Sqlite;
using Personalization.Node.Storage;

namespace Personalization.Node.Tests.Storage;

public sealed class DatabaseTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string DatabaseFile => _folder["personalization.db"];

    [Fact]
    public void A_checkpoint_is_read_back_after_reopening()
    {
        using (var database = Open())
        {
            Assert.Equal(0, database.CheckpointPosition);
            database.WriteCheckpoint(42, [Put("b", "state of b"), Put("a", "state of a")],
                [Learned("m", "k2", "2"), Learned("m", "k1", "1"), Learned("l", "k", "3")]);
            Assert.Equal("state of a", Text(database.ReadProfile("a")));
        }

        using var again = Open();
        Assert.Equal(42, again.CheckpointPosition);
        Assert.Equal("state of a", Text(again.ReadProfile("a")));
        Assert.Null(again.ReadProfile("c"));
        Assert.Equal(2, again.CountProfiles());
        Assert.Equal(["a", "b"], again.ProfileIds());
        Assert.Equal([("l", "k", "3"), ("m", "k1", "1"), ("m", "k2", "2")],
            again.ReadLearned().Select(row => (row.Model, row.Key, Text(row.State)!)));
    }

    [Fact]
    public void A_later_checkpoint_replaces_adds_and_deletes_rows()
    {
        using var database = Open();
        database.WriteCheckpoint(1, [Put("a", "1"), Put("b", "1")], [Learned("m", "a", "1"), Learned("m", "b", "1")]);
        database.WriteCheckpoint(2, [Put("a", "a longer second state"), new("b", null), new("never there", null), Put("c", "")],
            [Learned("m", "a", "2"), new LearnedRow("m", "b", null)]);

        Assert.Equal(["a", "c"], database.ProfileIds());
        Assert.Equal("a longer second state", Text(database.ReadProfile("a")));
        Assert.Equal("", Text(database.ReadProfile("c")));
        Assert.Equal([("m", "a", "2")], database.ReadLearned().Select(row => (row.Model, row.Key, Text(row.State)!)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\0b")]
    [InlineData("Zoë 日本 😀")]
    [InlineData("'; DROP TABLE profiles; --")]
    public void Any_text_is_an_id(string id)
    {
        using var database = Open();
        database.WriteCheckpoint(1, [Put(id, "state"), Put("a", "another")], []);

        Assert.Equal("state", Text(database.ReadProfile(id)));
        Assert.Contains(id, database.ProfileIds());
    }

    [Fact]
    public void A_long_id_is_kept_whole()
    {
        using var database = Open();
        var id = new string('é', 5000);
        database.WriteCheckpoint(1, [Put(id, "state")], []);

        Assert.Equal([id], database.ProfileIds());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_checkpoint_that_breaks_off_changes_nothing(bool inProfiles)
    {
        using (var database = Open())
        {
            database.WriteCheckpoint(1, [Put("a", "1")], [Learned("m", "k", "1")]);

            Assert.Throws<TimeoutException>(() => database.WriteCheckpoint(2,
                inProfiles ? BreakOff(Put("a", "2")) : [Put("a", "2")],
                inProfiles ? [] : BreakOff(Learned("m", "k", "2"))));
            AssertIsFirst(database);
            database.WriteConfiguration([new StoredChange("rules", "r", "{}")], 1);
        }

        using var again = Open();
        AssertIsFirst(again);

        static void AssertIsFirst(Database database)
        {
            Assert.Equal(1, database.CheckpointPosition);
            Assert.Equal("1", Text(database.ReadProfile("a")));
            Assert.Equal("1", Text(database.ReadLearned().Single().State));
        }

        static IEnumerable<T> BreakOff<T>(T row)
        {
            yield return row;
            throw new TimeoutException("stands for a kill");
        }
    }

    [Fact]
    public void A_checkpoint_does_not_go_back()
    {
        using var database = Open();
        database.WriteCheckpoint(5, [], []);
        database.WriteCheckpoint(5, [Put("a", "1")], []);

        Assert.Throws<ArgumentOutOfRangeException>(() => database.WriteCheckpoint(4, [], []));
        Assert.Equal(5, database.CheckpointPosition);
    }

    [Fact]
    public void Look_ups_run_beside_each_other_and_beside_a_checkpoint_under_way()
    {
        using var database = Open();
        database.WriteCheckpoint(1, Enumerable.Range(0, 1000).Select(i => Put($"p{i}", $"{i}")), []);

        // The rows of the next checkpoint come one by one, and all look-ups happen while it is half done.
        database.WriteCheckpoint(2, Slowly(), []);
        Assert.Equal("new", Text(database.ReadProfile("p1")));

        IEnumerable<KeyValuePair<string, ReadOnlyMemory<byte>?>> Slowly()
        {
            yield return Put("p1", "new");
            Parallel.For(0, 1000, i => Assert.Equal($"{i}", Text(database.ReadProfile($"p{i}"))));
            Assert.Equal(1, database.CheckpointPosition);
        }
    }

    [Fact]
    public void Profiles_can_be_read_while_their_ids_are()
    {
        using var database = Open();
        database.WriteCheckpoint(1, [Put("a", "a"), Put("b", "b")], []);

        Assert.All(database.ProfileIds(), id => Assert.Equal(id, Text(database.ReadProfile(id))));
    }

    [Fact]
    public void Configuration_is_read_back_and_items_apart_from_it()
    {
        using (var database = Open())
        {
            database.WriteConfiguration(
            [
                new StoredChange("segments", "s", "{1}"), new StoredChange("rules", "r", "{2}"),
                new StoredChange(Database.ItemKind, "i", "{3}"), new StoredChange(Database.ItemKind, "j", "{4}"),
            ], 1);
            database.WriteConfiguration([new StoredChange("rules", "r", "{5}"), new StoredChange(Database.ItemKind, "i", null)], 2);
        }

        using var again = Open();
        Assert.Equal([new StoredDocument("rules", "r", "{5}", 2), new StoredDocument("segments", "s", "{1}", 1)], again.ReadConfiguration());
        Assert.Equal([new StoredDocument(Database.ItemKind, "j", "{4}", 1)], again.ReadItems());
        Assert.Equal("{4}", again.ReadItem("j")?.Body);
        Assert.Null(again.ReadItem("i"));
    }

    [Fact]
    public void A_revision_is_never_used_twice_also_after_its_document_is_deleted()
    {
        using (var database = Open())
        {
            database.WriteConfiguration([new StoredChange("rules", "r", "{}")], 7);
            database.WriteConfiguration([new StoredChange("rules", "r", null)], 8);
            Assert.Empty(database.ReadConfiguration());
        }

        using var again = Open();
        Assert.Equal(8, again.HighestRevision);
        Assert.Throws<ArgumentOutOfRangeException>(() => again.WriteConfiguration([], 8));
    }

    [Fact]
    public void One_wrong_change_keeps_all_of_them_out()
    {
        using var database = Open();

        Assert.ThrowsAny<Exception>(() => database.WriteConfiguration([new StoredChange("rules", "r", "{}"), null!], 1));

        Assert.Empty(database.ReadConfiguration());
        Assert.Equal(0, database.HighestRevision);
    }

    [Fact]
    public void Decisions_are_found_in_every_block_that_may_hold_them()
    {
        using (var database = Open())
        {
            Block(database, 10, 20, "a");
            Block(database, 18, 30, "b");
            Block(database, 31, 31, "c");
            Block(database, 5, 60, "wide");
        }

        using var again = Open();
        Assert.Equal(["wide", "a"], Find(again, 10));
        Assert.Equal(["wide", "b", "a"], Find(again, 18));
        Assert.Equal(["wide", "b", "a"], Find(again, 20));
        Assert.Equal(["wide", "b"], Find(again, 21));
        Assert.Equal(["wide", "c"], Find(again, 31));
        Assert.Equal(["wide"], Find(again, 60));
        Assert.Empty(Find(again, 61));
        Assert.Empty(Find(again, 4));
    }

    [Fact]
    public void Random_overlapping_blocks_are_found_as_a_plain_search_finds_them()
    {
        using var database = Open();
        var random = new Random(3);
        var blocks = Enumerable.Range(0, 200).Select(i => (First: i * 10 - random.Next(30) + 100, Width: random.Next(60), Name: $"{i}")).ToList();
        blocks.ForEach(block => Block(database, block.First, block.First + block.Width, block.Name));

        for (var id = 0; id < 2300; id += 7)
        {
            Assert.Equal(blocks.Where(b => b.First <= id && id <= b.First + b.Width).Select(b => b.Name).Reverse(), Find(database, id));
        }
    }

    [Fact]
    public void Pruning_deletes_the_oldest_blocks_and_no_more_than_it_must()
    {
        using (var database = Open())
        {
            for (var i = 0; i < 5; i++)
            {
                Block(database, i, i, new string((char)('a' + i), 10));
            }

            database.WriteDecisionBlocks([], 50);
            Assert.Equal(50, database.DecisionBytes);
            database.WriteDecisionBlocks([], 29);
            Assert.Equal(20, database.DecisionBytes);
            Assert.Empty(Find(database, 2));
            Assert.Equal(["dddddddddd"], Find(database, 3));
        }

        using var again = Open();
        Assert.Equal(20, again.DecisionBytes);
        again.WriteDecisionBlocks([], 0);
        Assert.Empty(Find(again, 4));
    }

    [Fact]
    public void Ids_of_another_length_or_order_are_refused()
    {
        using var database = Open();

        Assert.Throws<ArgumentException>(() => database.FindDecisionBlocks(new byte[15]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Block(database, 2, 1, "x"));
    }

    [Fact]
    public void What_was_deleted_is_in_no_file_once_the_write_ahead_log_is_empty()
    {
        const string secret = "somebody@example.org";
        using var database = Open();
        database.WriteCheckpoint(1, Enumerable.Range(0, 500).Select(i => Put($"{secret}/{i}", new string('x', i * 20) + secret)),
            [Learned("m", secret, secret)]);
        Block(database, 1, 2, secret);
        Assert.True(database.EmptyWriteAheadLog());
        Assert.True(Holds(secret));

        database.WriteCheckpoint(2, Enumerable.Range(0, 500).Select(i => new KeyValuePair<string, ReadOnlyMemory<byte>?>($"{secret}/{i}", null)),
            [new LearnedRow("m", secret, null)]);
        database.WriteDecisionBlocks([], 0);
        Assert.True(database.EmptyWriteAheadLog());

        Assert.False(Holds(secret));

        bool Holds(string text) => Directory.GetFiles(_folder.Path).Any(file => ReadShared(file).AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0);
    }

    [Fact]
    public void A_file_that_is_no_database_is_refused_by_name_and_left_alone()
    {
        var content = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("not a database. ", 500)));
        File.WriteAllBytes(DatabaseFile, content);

        var refused = Assert.Throws<StorageException>(() => Open().Dispose());

        Assert.Contains(DatabaseFile, refused.Message, StringComparison.Ordinal);
        Assert.Contains("Restore", refused.Message, StringComparison.Ordinal);
        Assert.Equal(content, File.ReadAllBytes(DatabaseFile));
    }

    [Fact]
    public void A_damaged_page_is_reported_when_it_is_read()
    {
        using (var database = Open())
        {
            database.WriteCheckpoint(1, Enumerable.Range(0, 2000).Select(i => Put($"p{i:D5}", new string('x', 500))), []);
        }

        var bytes = File.ReadAllBytes(DatabaseFile);
        bytes.AsSpan(16 * 4096).Clear();
        File.WriteAllBytes(DatabaseFile, bytes);

        var damage = Assert.Throws<StorageException>(() =>
        {
            using var database = Open();
            foreach (var id in Enumerable.Range(0, 2000).Select(i => $"p{i:D5}"))
            {
                database.ReadProfile(id);
            }
        });
        Assert.Contains(DatabaseFile, damage.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_database_of_another_program_is_refused_and_left_alone()
    {
        Execute("CREATE TABLE theirs(x)");
        var content = File.ReadAllBytes(DatabaseFile);

        Assert.Contains("another program", Assert.Throws<StorageException>(() => Open().Dispose()).Message, StringComparison.Ordinal);
        Assert.Equal(content, File.ReadAllBytes(DatabaseFile));
    }

    [Fact]
    public void A_newer_schema_is_refused_with_both_versions()
    {
        Open().Dispose();
        Execute("PRAGMA user_version=99");

        var refused = Assert.Throws<StorageException>(() => Open().Dispose());

        Assert.Contains("schema 99; this one knows 2", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_is_not_there_is_refused_by_name()
    {
        var refused = Assert.Throws<StorageException>(() => Database.Open(_folder["missing/personalization.db"]).Dispose());
        Assert.Contains("missing", refused.Message, StringComparison.Ordinal);
    }

    [MountFact]
    public void A_full_disk_refuses_a_write_changes_nothing_and_works_once_space_is_back()
    {
        using var disk = new SmallDisk("4m");
        using (var database = Database.Open(disk["personalization.db"]))
        {
            database.WriteCheckpoint(1, [Put("a", "1")], []);
            database.WriteConfiguration([new StoredChange("rules", "r", "1")], 1);
            var filler = disk.Fill();

            // Far more than SQLite keeps in memory, and little enough for one page.
            var much = Enumerable.Range(0, 200).Select(i => Put($"p{i}", new string('x', 500_000))).Prepend(Put("a", "2"));
            Assert.Throws<StorageUnavailableException>(() => database.WriteCheckpoint(2, much, []));
            Assert.Throws<StorageUnavailableException>(() =>
                database.WriteConfiguration([new StoredChange("rules", "r", new string('2', 500_000))], 2));
            Assert.Throws<StorageUnavailableException>(() => Block(database, 1, 2, new string('x', 500_000)));

            Assert.Equal(1, database.CheckpointPosition);
            Assert.Equal(1, database.HighestRevision);
            Assert.Equal(0, database.DecisionBytes);
            Assert.Equal(["a"], database.ProfileIds());
            Assert.Equal("1", Text(database.ReadProfile("a")));
            Assert.Equal("1", database.ReadConfiguration().Single().Body);

            File.Delete(filler);
            database.WriteCheckpoint(2, [Put("a", "2")], []);
        }

        using var again = Database.Open(disk["personalization.db"]);
        Assert.Equal(2, again.CheckpointPosition);
        Assert.Equal("2", Text(again.ReadProfile("a")));
    }

    private Database Open() => Database.Open(DatabaseFile);

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = DatabaseFile, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The statements are the tests' own.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    // SQLite's files are open.
    private static byte[] ReadShared(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private static byte[] Id(int value) => [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte)(value >> 8), (byte)value];

    private static void Block(Database database, int first, int last, string body) =>
        database.WriteDecisionBlocks([new(Id(first), Id(last), 1, Encoding.UTF8.GetBytes(body))], long.MaxValue);

    private static string[] Find(Database database, int id) => [.. database.FindDecisionBlocks(Id(id)).Select(body => Text(body)!)];

    private static KeyValuePair<string, ReadOnlyMemory<byte>?> Put(string id, string state) => new(id, Encoding.UTF8.GetBytes(state));

    private static LearnedRow Learned(string model, string key, string state) => new(model, key, Encoding.UTF8.GetBytes(state));

    private static string? Text(byte[]? state) => state is null ? null : Encoding.UTF8.GetString(state);
}
