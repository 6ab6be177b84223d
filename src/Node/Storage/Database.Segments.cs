using System.Buffers;
using Personalization.Core;
using Personalization.Core.Segments;

namespace Personalization.Node.Storage;

/// <content>Who is in which segment, what changed, and who is to be looked at again.</content>
internal sealed partial class Database
{
    private const string BackfillName = "segments.backfill";

    private long _lastChange;

    /// <summary>Gets the place in the journal of the newest change; 0 before the first.</summary>
    public long LastSegmentChange => Volatile.Read(ref _lastChange);

    /// <summary>Reads the segments that memberships are kept of, those being cleared among them.</summary>
    public IReadOnlyList<SegmentRow> ReadSegments()
    {
        using var reader = _readers.Take();
        var statement = reader.Prepare("SELECT number, id, fingerprint, size, pending, deleted FROM segments ORDER BY number");
        var rows = new List<SegmentRow>();
        while (statement.Step())
        {
            rows.Add(new SegmentRow(
                (int)statement.Long(0), statement.Text(1), (ulong)statement.Long(2), statement.Long(3), statement.Long(4) != 0, statement.Long(5) != 0));
        }

        return rows;
    }

    /// <summary>Takes note of segments that are new, mean something else, or are deleted; everybody is then asked from the beginning.</summary>
    public void WriteSegments(IReadOnlyList<(string Id, ulong Fingerprint)> put, IReadOnlyList<string> removed, long at)
    {
        lock (_writing)
        {
            var last = _lastChange;
            InTransaction(() =>
            {
                foreach (var (id, fingerprint) in put)
                {
                    Prepare("UPDATE segments SET fingerprint=?2, pending=1 WHERE id=?1 AND deleted=0").Bind(1, id).Bind(2, (long)fingerprint).Run();
                    Prepare("""
                        INSERT INTO segments(id, fingerprint, size, pending, deleted)
                        SELECT ?1, ?2, 0, 1, 0 WHERE NOT EXISTS(SELECT 1 FROM segments WHERE id=?1 AND deleted=0)
                        """).Bind(1, id).Bind(2, (long)fingerprint).Run();
                }

                foreach (var id in removed)
                {
                    Prepare("UPDATE segments SET deleted=1, pending=0 WHERE id=?1").Bind(1, id).Run();
                    last = Journal(SegmentChangeKind.Deleted, id, null, at);
                }

                Prepare("DELETE FROM meta WHERE name=?1").Bind(1, BackfillName).Run();
            });
            Volatile.Write(ref _lastChange, last);
        }
    }

    /// <summary>Reads the segments a person is in.</summary>
    public Memberships ReadMemberships(string person)
    {
        using var reader = _readers.Take();
        var statement = reader.Prepare("SELECT segments FROM memberships WHERE person=?1").Bind(1, person);
        return statement.Step() ? Memberships.Read(statement.Blob(0)) : default;
    }

    /// <summary>Reads whom time alone may have moved, those who wait for longest first.</summary>
    public IReadOnlyList<(string Person, long Due)> ReadDue(long now, int most)
    {
        using var reader = _readers.Take();
        var statement = reader.Prepare("SELECT id, due FROM profiles WHERE due <= ?1 ORDER BY due LIMIT ?2").Bind(1, now).Bind(2, most);
        var due = new List<(string, long)>();
        while (statement.Step())
        {
            due.Add((statement.Text(0), statement.Long(1)));
        }

        return due;
    }

    /// <summary>Gives how far asking everybody about new segments has come: the id asked last; null where it has not begun.</summary>
    public string? ReadBackfill()
    {
        using var reader = _readers.Take();
        var statement = reader.Prepare("SELECT value FROM meta WHERE name=?1").Bind(1, BackfillName);
        return statement.Step() ? statement.Text(0) : null;
    }

    /// <summary>Reads ids of stored profiles that come after one, in order.</summary>
    public IReadOnlyList<string> ReadProfileIds(string? after, int most)
    {
        using var reader = _readers.Take();
        var statement = after is null
            ? reader.Prepare("SELECT id FROM profiles ORDER BY id LIMIT ?1").Bind(1, most)
            : reader.Prepare("SELECT id FROM profiles WHERE id > ?2 ORDER BY id LIMIT ?1").Bind(1, most).Bind(2, after);
        var ids = new List<string>(most);
        while (statement.Step())
        {
            ids.Add(statement.Text(0));
        }

        return ids;
    }

    /// <summary>Stores what upkeep found, in one transaction: all of it or nothing.</summary>
    /// <exception cref="StorageUnavailableException">Nothing was stored.</exception>
    public void WriteUpkeep(UpkeepRows rows, int keepChanges)
    {
        lock (_writing)
        {
            var last = _lastChange;
            InTransaction(() =>
            {
                last = WriteChanges(rows.Changes, last);
                if (last != _lastChange)
                {
                    Prepare("DELETE FROM segment_changes WHERE sequence <= ?1").Bind(1, last - keepChanges).Run();
                }

                foreach (var (person, was, due) in rows.Due)
                {
                    // Whatever has been written since knows better.
                    Prepare("UPDATE profiles SET due=nullif(?3, 0) WHERE id=?1 AND due=?2").Bind(1, person).Bind(2, was).Bind(3, due).Run();
                }

                foreach (var (person, due) in rows.DueAtLatest)
                {
                    Prepare("UPDATE profiles SET due=?2 WHERE id=?1 AND (due IS NULL OR due > ?2)").Bind(1, person).Bind(2, due).Run();
                }

                if (rows.BackfilledThrough is { } through)
                {
                    Prepare("INSERT INTO meta(name, value) VALUES(?1, ?2) ON CONFLICT(name) DO UPDATE SET value=excluded.value")
                        .Bind(1, BackfillName).Bind(2, through).Run();
                }

                if (rows.IsBackfilled)
                {
                    Prepare("DELETE FROM meta WHERE name=?1").Bind(1, BackfillName).Run();
                    Prepare("UPDATE segments SET pending=0").Run();
                }
            });
            Volatile.Write(ref _lastChange, last);
        }
    }

    /// <summary>Deletes some of the members of deleted segments; false where there is nothing left to delete.</summary>
    public bool ClearDeletedSegments(int most)
    {
        lock (_writing)
        {
            var more = false;
            InTransaction(() =>
            {
                foreach (var row in ReadSegments().Where(row => row.IsDeleted))
                {
                    more = true;
                    Prepare("""
                        DELETE FROM segment_members WHERE (segment, hash, person) IN
                            (SELECT segment, hash, person FROM segment_members WHERE segment=?1 LIMIT ?2)
                        """).Bind(1, row.Number).Bind(2, most).Run();
                    Prepare("DELETE FROM segments WHERE number=?1 AND NOT EXISTS(SELECT 1 FROM segment_members WHERE segment=?1)").Bind(1, row.Number).Run();
                }
            });
            return more;
        }
    }

    /// <summary>Deletes everything that tells of people's memberships, the journal's entries too. Nobody is told that they left.</summary>
    public void ForgetMembers(IEnumerable<string> people)
    {
        lock (_writing)
        {
            InTransaction(() =>
            {
                foreach (var person in people)
                {
                    foreach (var entry in Stored(person).Entries)
                    {
                        Move(entry.Segment, person, member: false);
                    }

                    Prepare("DELETE FROM memberships WHERE person=?1").Bind(1, person).Run();
                    Prepare("DELETE FROM segment_changes WHERE person=?1").Bind(1, person).Run();
                }
            });
        }
    }

    // The stored memberships decide what is a change: one that has been noted already, or never was, is passed over.
    private long WriteChanges(IReadOnlyList<MembershipChange> changes, long last)
    {
        var buffer = new ArrayBufferWriter<byte>();
        foreach (var person in changes.GroupBy(change => change.Person, StringComparer.Ordinal))
        {
            var memberships = Stored(person.Key);
            foreach (var change in person)
            {
                if (memberships.Set(change.Flip.Segment, change.Flip.Entered, (uint)(change.Flip.At / 1000)))
                {
                    Move(change.Flip.Segment, person.Key, change.Flip.Entered);
                    last = Journal(change.Flip.Entered ? SegmentChangeKind.Enter : SegmentChangeKind.Leave, change.Segment, person.Key, change.Flip.At);
                }
            }

            buffer.ResetWrittenCount();
            memberships.Write(buffer);
            if (memberships.Entries.IsEmpty)
            {
                Prepare("DELETE FROM memberships WHERE person=?1").Bind(1, person.Key).Run();
            }
            else
            {
                Prepare("INSERT INTO memberships(person, segments) VALUES(?1, ?2) ON CONFLICT(person) DO UPDATE SET segments=excluded.segments")
                    .Bind(1, person.Key).Bind(2, buffer.WrittenSpan).Run();
            }
        }

        return last;
    }

    private Memberships Stored(string person)
    {
        var statement = Prepare("SELECT segments FROM memberships WHERE person=?1").Bind(1, person);
        try
        {
            return statement.Step() ? Memberships.Read(statement.Blob(0)) : default;
        }
        finally
        {
            statement.Reset();
        }
    }

    private void Move(int segment, string person, bool member)
    {
        var hash = Scattered(person);
        var sql = member
            ? "INSERT OR IGNORE INTO segment_members(segment, hash, person) VALUES(?1, ?2, ?3)"
            : "DELETE FROM segment_members WHERE segment=?1 AND hash=?2 AND person=?3";
        Prepare(sql).Bind(1, segment).Bind(2, hash).Bind(3, person).Run();
        Prepare("UPDATE segments SET size=size+?2*changes() WHERE number=?1").Bind(1, segment).Bind(2, member ? 1 : -1).Run();
    }

    private long Journal(SegmentChangeKind kind, string segment, string? person, long at)
    {
        // An empty id is nobody's.
        Prepare("INSERT INTO segment_changes(kind, segment, person, at) VALUES(?1, ?2, nullif(?3, ''), ?4)")
            .Bind(1, (int)kind).Bind(2, segment).Bind(3, person ?? "").Bind(4, at).Run();
        return SQLitePCL.raw.sqlite3_last_insert_rowid(_writer.Handle);
    }

    // Ids that are alike must not lie together, and a hash that multiplies leaves those that differ at their end near one another:
    // the finalizer of MurmurHash3 (fmix64) spreads them.
    private static long Scattered(string person)
    {
        var hash = StableHash.Of(person);
        hash = (hash ^ (hash >> 33)) * 0xFF51AFD7ED558CCDUL;
        hash = (hash ^ (hash >> 33)) * 0xC4CEB9FE1A85EC53UL;
        return (long)(hash ^ (hash >> 33));
    }

    private void ReadLastSegmentChange()
    {
        using var statement = new Statement(_writer, "SELECT seq FROM sqlite_sequence WHERE name='segment_changes'");
        _lastChange = statement.Step() ? statement.Long(0) : 0;
    }
}

/// <summary>A segment that memberships are kept of.</summary>
/// <param name="Number">Its number, never used again.</param>
/// <param name="Id">Its id.</param>
/// <param name="Fingerprint">What it meant when everybody was last told to be asked.</param>
/// <param name="Size">How many are in it.</param>
/// <param name="IsPending">Whether not everybody has been asked yet.</param>
/// <param name="IsDeleted">Whether it is deleted and its members are being cleared.</param>
internal sealed record SegmentRow(int Number, string Id, ulong Fingerprint, long Size, bool IsPending, bool IsDeleted);

/// <summary>That a person entered or left a segment.</summary>
internal readonly record struct MembershipChange(string Person, string Segment, SegmentFlip Flip);

/// <summary>What upkeep found in one go.</summary>
internal sealed record UpkeepRows
{
    /// <summary>Gets who entered and left, each person's in order.</summary>
    public IReadOnlyList<MembershipChange> Changes { get; init; } = [];

    /// <summary>Gets who was due, when, and when next (0 for never).</summary>
    public IReadOnlyList<(string Person, long Was, long Due)> Due { get; init; } = [];

    /// <summary>Gets who is due at a time at the latest.</summary>
    public IReadOnlyList<(string Person, long Due)> DueAtLatest { get; init; } = [];

    /// <summary>Gets the id that asking everybody has come to.</summary>
    public string? BackfilledThrough { get; init; }

    /// <summary>Gets whether everybody has been asked.</summary>
    public bool IsBackfilled { get; init; }
}
