using System.Buffers.Binary;

namespace Personalization.Node.Storage;

/// <content>Decisions, many to a row: a row each would cost as much as serving the decision.</content>
internal sealed partial class Database
{
    private const int DecisionIdLength = 16;

    private long _decisionBytes;

    // How far apart the first and last id of any block are, as 128-bit numbers. It bounds a search on both sides without any
    // assumption about what the ids mean. Has a lock of its own, so that a search never waits for a write.
    private readonly Lock _widestGate = new();
    private UInt128 _widest;

    /// <summary>Gets the size of all decision bodies in bytes.</summary>
    public long DecisionBytes => Volatile.Read(ref _decisionBytes);

    /// <summary>Stores blocks of decisions, then deletes the oldest until no more than some bytes of bodies are left: all of it or nothing.</summary>
    /// <exception cref="StorageUnavailableException">Nothing was stored, for example because the disk is full.</exception>
    public void WriteDecisionBlocks(IReadOnlyList<DecisionRow> rows, long keepBytes)
    {
        // Before a block can be found; one that is not written after all only widens a search.
        foreach (var row in rows)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(Number(row.First.Span), Number(row.Last.Span), nameof(rows));
            Widen(Number(row.Last.Span) - Number(row.First.Span));
        }

        lock (_writing)
        {
            var left = _decisionBytes;
            InTransaction(() =>
            {
                var insert = Prepare("INSERT INTO decision_blocks(first, last, count, bytes, body) VALUES(?1, ?2, ?3, ?4, ?5)");
                var people = Prepare("INSERT INTO decision_people(sequence, hashes) VALUES(last_insert_rowid(), ?1)");
                foreach (var row in rows)
                {
                    insert.Bind(1, row.First.Span).Bind(2, row.Last.Span).Bind(3, row.Count).Bind(4, row.Body.Length).Bind(5, row.Body.Span).Run();
                    people.Bind(1, row.People.Span).Run();
                    left += row.Body.Length;
                }

                left = DeleteOldest(left, keepBytes);
            });
            Volatile.Write(ref _decisionBytes, left);
        }
    }

    /// <summary>Finds the bodies of the blocks that may hold an id, newest first.</summary>
    public IReadOnlyList<byte[]> FindDecisionBlocks(ReadOnlySpan<byte> id)
    {
        var sought = Number(id);
        UInt128 widest;
        lock (_widestGate)
        {
            widest = _widest;
        }

        Span<byte> earliest = stackalloc byte[DecisionIdLength];
        BinaryPrimitives.WriteUInt128BigEndian(earliest, sought > widest ? sought - widest : 0);

        using var reader = _readers.Take();
        var statement = reader
            .Prepare("SELECT body FROM decision_blocks WHERE first BETWEEN ?1 AND ?2 AND last >= ?2 ORDER BY sequence DESC")
            .Bind(1, earliest).Bind(2, id);
        var bodies = new List<byte[]>();
        while (statement.Step())
        {
            bodies.Add(statement.Blob(0));
        }

        return bodies;
    }

    private long DeleteOldest(long bytes, long keepBytes)
    {
        if (bytes <= keepBytes)
        {
            return bytes;
        }

        var (cut, oldest) = (0L, Prepare("SELECT sequence, bytes FROM decision_blocks ORDER BY sequence"));
        while (bytes > keepBytes && oldest.Step())
        {
            cut = oldest.Long(0);
            bytes -= oldest.Long(1);
        }

        oldest.Reset();
        Prepare("DELETE FROM decision_blocks WHERE sequence <= ?1").Bind(1, cut).Run();
        Prepare("DELETE FROM decision_people WHERE sequence <= ?1").Bind(1, cut).Run();
        return bytes;
    }

    private static UInt128 Number(ReadOnlySpan<byte> id) => id.Length == DecisionIdLength
        ? BinaryPrimitives.ReadUInt128BigEndian(id)
        : throw new ArgumentException($"A decision id has {DecisionIdLength} bytes, not {id.Length}.", nameof(id));

    private void Widen(UInt128 width)
    {
        lock (_widestGate)
        {
            _widest = UInt128.Max(_widest, width);
        }
    }

    private void MeasureDecisions()
    {
        using var all = new Statement(_writer, "SELECT first, last, bytes FROM decision_blocks INDEXED BY decision_blocks_by_id");
        while (all.Step())
        {
            Widen(Number(all.Blob(1)) - Number(all.Blob(0)));
            _decisionBytes += all.Long(2);
        }
    }
}

/// <summary>One block of decisions.</summary>
/// <param name="First">The lowest id in the block, 16 bytes, compared as bytes.</param>
/// <param name="Last">The highest id in the block. Blocks may overlap.</param>
/// <param name="Count">How many decisions the block holds.</param>
/// <param name="Body">The decisions, in any form.</param>
/// <param name="People">The hashes of the decisions' people, 8 bytes each, as <see cref="System.Runtime.InteropServices.MemoryMarshal"/> gives them.</param>
internal readonly record struct DecisionRow(
    ReadOnlyMemory<byte> First, ReadOnlyMemory<byte> Last, int Count, ReadOnlyMemory<byte> Body, ReadOnlyMemory<byte> People = default);
