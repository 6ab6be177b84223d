using Personalization.Core;
using Personalization.Core.DeadLetters;
using Personalization.Node.Storage;

namespace Personalization.Node.Tests;

public sealed class DeadLetterStoreTests
{
    [Fact]
    public void The_store_is_bounded_by_number_and_by_bytes_and_the_oldest_go_first()
    {
        using var folder = new TemporaryFolder();
        using var database = Database.Open(Path.Combine(folder.Path, "test.db"));
        database.KeepDeadLetters([.. Enumerable.Range(0, Database.MostDeadLetters + 50).Select(i => Letter($"p{i}"))]);
        Assert.Equal(Database.MostDeadLetters, database.RemoveDeadLetters(new DeadLetterFilter { Code = "required" }));

        // 16 KiB each, so that the bytes run out at about 2 000.
        database.KeepDeadLetters([.. Enumerable.Range(0, 3000).Select(i => Letter($"q{i}", new byte[DeadLetter.MostBytes]))]);
        var newest = database.FindDeadLetters(new DeadLetterFilter { Limit = 1 });
        Assert.Equal("q2999", newest[0].AnonymousId);
        Assert.Empty(database.FindDeadLetters(new DeadLetterFilter { Person = "q0" }));
        Assert.InRange(database.RemoveDeadLetters(new DeadLetterFilter()), 1900, 2050);
    }

    [Fact]
    public void Letters_are_found_and_removed_by_person_type_code_and_number()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "test.db");
        using (var database = Database.Open(file))
        {
            database.KeepDeadLetters([Letter("a"), Letter("b") with { UserId = "ada" }, Letter("c") with { Type = null }]);
        }

        using var again = Database.Open(file);
        var all = again.FindDeadLetters(new DeadLetterFilter());
        Assert.Equal(["c", "b", "a"], all.Select(letter => letter.AnonymousId));
        Assert.Equal("b", Assert.Single(again.FindDeadLetters(new DeadLetterFilter { Person = "ada" })).AnonymousId);
        Assert.Equal(2, again.FindDeadLetters(new DeadLetterFilter { Type = "view" }).Count);
        Assert.Equal(1, again.RemoveDeadLetters(new DeadLetterFilter { Ids = [all[0].Id] }));
        Assert.Equal(1, again.RemoveDeadLetters(new DeadLetterFilter { Person = "ada" }));
        Assert.Equal("a", Assert.Single(again.FindDeadLetters(new DeadLetterFilter())).AnonymousId);
    }

    private static DeadLetter Letter(string person, byte[]? text = null) => new()
    {
        ReceivedAt = 1000,
        Type = "view",
        AnonymousId = person,
        Problem = new Problem("messageId", "required", "Every event needs a messageId."),
        Event = text ?? "{}"u8.ToArray(),
    };
}
