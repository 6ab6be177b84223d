using Personalization.Core;
using Personalization.Core.Decisions;

namespace Personalization.Node.Decisions;

/// <content>The decisions of people: to be shown to them, and to be erased.</content>
internal sealed partial class DecisionLog
{
    // So many blocks are rewritten in one transaction: others that write wait for it.
    private const int BlocksAtOnce = 8;

    /// <summary>Finds every decision of a person that is remembered, oldest first.</summary>
    public async Task<IReadOnlyList<DecisionRecord>> FindOfAsync(IReadOnlySet<string> people)
    {
        await FlushAsync();
        return [.. _database.FindDecisionBlocksOf(Hashes(people))
            .Select(_database.ReadDecisionBlock)
            .OfType<byte[]>()
            .SelectMany(block => DecisionBlock.Of(block, people))
            .OrderBy(decision => decision.Id.High)];
    }

    /// <summary>Forgets every decision made for people before this was called.</summary>
    /// <returns>How many there were of each person who had any.</returns>
    public async Task<IReadOnlyDictionary<string, int>> EraseAsync(IReadOnlySet<string> people)
    {
        var written = await FlushAsync();
        lock (_gate)
        {
            // They are in the database, which is what knows from now on. Later ones may not be there yet.
            while (_recent.TryPeek(out var block) && written.Contains(block))
            {
                Release(_recent.Dequeue());
            }
        }

        var erased = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var some in _database.FindDecisionBlocksOf(Hashes(people)).Chunk(BlocksAtOnce))
        {
            _database.RewriteDecisionBlocks(some, block => DecisionBlock.Without(block, people, Count));
        }

        return erased;

        void Count(string person) => erased[person] = erased.GetValueOrDefault(person) + 1;
    }

    /// <summary>Completes when every decision added before is in the database, or given up. Gives the blocks that held them.</summary>
    private async Task<IReadOnlyList<DecisionBlock>> FlushAsync()
    {
        var flushed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        DecisionBlock[] blocks;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closing, this);
            Turn();
            blocks = [.. _recent];
            _flushing.Add(flushed);
        }

        _work.Set();
        await flushed.Task;
        return blocks;
    }

    private static HashSet<ulong> Hashes(IReadOnlySet<string> people) => [.. people.Select(person => StableHash.Of(person))];
}
