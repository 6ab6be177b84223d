using System.Runtime.InteropServices;

namespace Personalization.Node.Storage;

/// <content>The decisions of people: found by hashes, so that no body is read that is not needed.</content>
internal sealed partial class Database
{
    /// <summary>Finds the blocks that may hold decisions of people, oldest first.</summary>
    /// <param name="hashes">The hashes of the people's ids.</param>
    public IReadOnlyList<long> FindDecisionBlocksOf(IReadOnlySet<ulong> hashes)
    {
        using var reader = _readers.Take();
        var found = new SortedSet<long>();
        var all = reader.Prepare("SELECT sequence, hashes FROM decision_people");
        while (all.Step())
        {
            foreach (var hash in MemoryMarshal.Cast<byte, ulong>(all.Blob(1)))
            {
                if (hashes.Contains(hash))
                {
                    found.Add(all.Long(0));
                    break;
                }
            }
        }

        // Blocks of a version that kept no hashes.
        var unknown = reader.Prepare(
            "SELECT sequence FROM decision_blocks INDEXED BY decision_blocks_by_id WHERE sequence NOT IN (SELECT sequence FROM decision_people)");
        while (unknown.Step())
        {
            found.Add(unknown.Long(0));
        }

        return [.. found];
    }

    /// <summary>Reads the body of a block; null where there is none any more.</summary>
    public byte[]? ReadDecisionBlock(long sequence)
    {
        using var reader = _readers.Take();
        var statement = reader.Prepare("SELECT body FROM decision_blocks WHERE sequence=?1").Bind(1, sequence);
        return statement.Step() ? statement.Blob(0) : null;
    }

    /// <summary>Replaces blocks, or deletes those of which nothing is left: all of it or nothing.</summary>
    /// <param name="sequences">Which blocks.</param>
    /// <param name="rewrite">Makes the new count, body and people of a body.</param>
    public void RewriteDecisionBlocks(IReadOnlyList<long> sequences, Func<byte[], (int Count, byte[] Body, byte[] People)> rewrite)
    {
        lock (_writing)
        {
            var left = _decisionBytes;
            InTransaction(() =>
            {
                foreach (var sequence in sequences)
                {
                    left += Rewrite(sequence, rewrite);
                }
            });
            Volatile.Write(ref _decisionBytes, left);
        }
    }

    /// <summary>Deletes the oldest blocks whose decisions were all made before a time, at most some at once.</summary>
    /// <param name="before">The smallest id of that time, 16 bytes.</param>
    /// <param name="most">How many blocks.</param>
    /// <returns>How many decisions were deleted.</returns>
    public long DeleteDecisionBlocks(ReadOnlySpan<byte> before, int most)
    {
        var found = new List<(long Sequence, long Bytes, long Count)>();
        lock (_writing)
        {
            var old = Prepare("SELECT sequence, bytes, count FROM decision_blocks WHERE last < ?1 ORDER BY sequence LIMIT ?2").Bind(1, before).Bind(2, most);
            while (old.Step())
            {
                found.Add((old.Long(0), old.Long(1), old.Long(2)));
            }

            old.Reset();
            if (found.Count > 0)
            {
                InTransaction(() => found.ForEach(block => DeleteBlock(block.Sequence)));
                Volatile.Write(ref _decisionBytes, _decisionBytes - found.Sum(block => block.Bytes));
            }
        }

        return found.Sum(block => block.Count);
    }

    private long Rewrite(long sequence, Func<byte[], (int Count, byte[] Body, byte[] People)> rewrite)
    {
        var read = Prepare("SELECT body FROM decision_blocks WHERE sequence=?1").Bind(1, sequence);
        if (!read.Step())
        {
            read.Reset();
            return 0;
        }

        var old = read.Blob(0);
        read.Reset();
        var (count, body, people) = rewrite(old);
        if (count == 0)
        {
            DeleteBlock(sequence);
            return -old.Length;
        }

        Prepare("UPDATE decision_blocks SET count=?2, bytes=?3, body=?4 WHERE sequence=?1")
            .Bind(1, sequence).Bind(2, count).Bind(3, body.Length).Bind(4, body).Run();
        Prepare("INSERT INTO decision_people(sequence, hashes) VALUES(?1, ?2) ON CONFLICT(sequence) DO UPDATE SET hashes=excluded.hashes")
            .Bind(1, sequence).Bind(2, people).Run();
        return body.Length - old.Length;
    }

    private void DeleteBlock(long sequence)
    {
        Prepare("DELETE FROM decision_blocks WHERE sequence=?1").Bind(1, sequence).Run();
        Prepare("DELETE FROM decision_people WHERE sequence=?1").Bind(1, sequence).Run();
    }
}
