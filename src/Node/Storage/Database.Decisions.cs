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

    /// <summary>Stores a block of decisions.</summary>
    /// <param name="first">The lowest id in the block, 16 bytes, compared as bytes.</param>
    /// <param name="last">The highest id in the block. Blocks may overlap.</param>
    /// <param name="count">How many decisions the block holds.</param>
    /// <param name="body">The decisions, in any form.</param>
    /// <exception cref="StorageUnavailableException">Nothing was stored, for example because the disk is full.</exception>
    public void WriteDecisionBlock(ReadOnlySpan<byte> first, ReadOnlySpan<byte> last, int count, ReadOnlySpan<byte> body)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Number(first), Number(last), nameof(first));

        // Before the block can be found; a block that is not written after all only widens a search.
        Widen(Number(last) - Number(first));
        lock (_writing)
        {
            Prepare("INSERT INTO decision_blocks(first, last, count, bytes, body) VALUES(?1, ?2, ?3, ?4, ?5)")
                .Bind(1, first).Bind(2, last).Bind(3, count).Bind(4, body.Length).Bind(5, body).Run();
            Volatile.Write(ref _decisionBytes, _decisionBytes + body.Length);
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

    /// <summary>Deletes the oldest blocks until no more than this many bytes of bodies are left.</summary>
    /// <exception cref="StorageUnavailableException">Nothing was deleted.</exception>
    public void PruneDecisions(long keepBytes)
    {
        lock (_writing)
        {
            if (_decisionBytes <= keepBytes)
            {
                return;
            }

            var left = _decisionBytes;
            InTransaction(() =>
            {
                var (cut, oldest) = (0L, Prepare("SELECT sequence, bytes FROM decision_blocks ORDER BY sequence"));
                while (left > keepBytes && oldest.Step())
                {
                    cut = oldest.Long(0);
                    left -= oldest.Long(1);
                }

                oldest.Reset();
                Prepare("DELETE FROM decision_blocks WHERE sequence <= ?1").Bind(1, cut).Run();
            });
            Volatile.Write(ref _decisionBytes, left);
        }
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
