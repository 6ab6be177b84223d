using Microsoft.Extensions.Logging.Abstractions;
using Personalization.Core.Decisions;
using Personalization.Node.Decisions;
using Personalization.Node.Storage;

namespace Personalization.Node.Tests.Decisions;

public sealed class DecisionLogTests : IDisposable
{
    // Far more than the blocks in memory hold, so that they are filled again and again.
    private const int Decisions = 400_000;

    private readonly TemporaryFolder _folder = new();
    private readonly Database _database;

    public DecisionLogTests() => _database = Database.Open(Path.Combine(_folder.Path, "test.db"));

    [Fact]
    public void Every_decision_is_found_at_once_and_after_its_memory_was_used_for_others()
    {
        var found = 0;
        using (var log = Open())
        {
            for (var number = 0; number < Decisions; number++)
            {
                log.Add(Make(number));
                found += number % 1000 == 999 && IsFound(log, number - 500) ? 1 : 0;
            }

            Assert.Equal(0, log.Dropped);
        }

        Assert.Equal(Decisions / 1000, found);
        using var again = Open();
        Assert.All(Enumerable.Range(0, 100), sample => Assert.True(IsFound(again, sample * (Decisions / 100))));
        Assert.Null(again.Find(Make(Decisions).Id));
    }

    [Fact]
    public async Task Decisions_are_found_while_others_are_added_on_all_sides()
    {
        using var log = Open();
        var missed = 0;
        await Task.WhenAll(Enumerable.Range(0, 4).Select(thread => Task.Run(() =>
        {
            for (var number = thread; number < Decisions / 2; number += 4)
            {
                log.Add(Make(number));
                if (number % 1000 == thread && !IsFound(log, number))
                {
                    Interlocked.Increment(ref missed);
                }
            }
        })));

        Assert.Equal(0, missed);
    }

    public void Dispose()
    {
        _database.Dispose();
        _folder.Dispose();
    }

    private DecisionLog Open() =>
        new(_database, new NodeOptions { DataFolder = _folder.Path }, NullLogger<DecisionLog>.Instance);

    private static bool IsFound(DecisionLog log, int number) => log.Find(Make(number).Id)?.PersonId == $"person-{number}";

    private static Decision Make(int number) => new()
    {
        Id = DecisionId.Create(1_000_000 + (number / 40), new UInt128((ulong)number * 0x9E3779B97F4A7C15, (ulong)number)),
        PersonId = $"person-{number}",
        DecidedAt = 1_000_000 + (number / 40),
        ProfileVersion = 0,
        IsStale = false,
        ConfigurationRevision = 1,
        Placements = [],
        Features = [],
        TtlMilliseconds = 0,
    };
}
