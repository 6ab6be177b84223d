using System.Globalization;
using System.Text;
using Personalization.Core.Segments;

namespace Personalization.Node.Storage;

/// <content>What is asked about segments: samples, overlaps, the journal; and people drawn at random.</content>
internal sealed partial class Database
{
    /// <summary>Reads up to some members: those whose hash follows a place, or is it, around the end.</summary>
    public IReadOnlyList<string> ReadMembers(int segment, long from, int most)
    {
        using var reader = _readers.Take();
        var people = new List<string>(Math.Min(most, 1024));
        Read("SELECT person FROM segment_members WHERE segment=?1 AND hash >= ?2 ORDER BY hash, person LIMIT ?3");
        Read("SELECT person FROM segment_members WHERE segment=?1 AND hash < ?2 ORDER BY hash, person LIMIT ?3");
        return people;

        void Read(string sql)
        {
            var statement = reader.Prepare(sql).Bind(1, segment).Bind(2, from).Bind(3, most - people.Count);
            while (people.Count < most && statement.Step())
            {
                people.Add(statement.Text(0));
            }
        }
    }

    /// <summary>Counts who is in all of some segments. Goes through the members of the first one: let it be the smallest.</summary>
    public long CountInAll(IReadOnlyList<int> segments)
    {
        var sql = new StringBuilder("SELECT count(*) FROM segment_members AS a WHERE a.segment=?1");
        for (var i = 1; i < segments.Count; i++)
        {
            sql.Append(CultureInfo.InvariantCulture,
                $" AND EXISTS(SELECT 1 FROM segment_members AS b WHERE b.segment=?{i + 1} AND b.hash=a.hash AND b.person=a.person)");
        }

        using var reader = _readers.Take();
        var statement = reader.Prepare(sql.ToString());
        for (var i = 0; i < segments.Count; i++)
        {
            statement.Bind(i + 1, segments[i]);
        }

        statement.Step();
        return statement.Long(0);
    }

    /// <summary>Reads the journal after a place, oldest first.</summary>
    public IReadOnlyList<(long Sequence, SegmentChange Change)> ReadSegmentChanges(long after, int most)
    {
        using var reader = _readers.Take();
        var statement = reader
            .Prepare("SELECT sequence, kind, segment, coalesce(person, ''), at FROM segment_changes WHERE sequence > ?1 ORDER BY sequence LIMIT ?2")
            .Bind(1, after).Bind(2, most);
        var changes = new List<(long, SegmentChange)>();
        while (statement.Step())
        {
            var sequence = statement.Long(0);
            changes.Add((sequence, new SegmentChange(
                sequence.ToString(CultureInfo.InvariantCulture),
                (SegmentChangeKind)statement.Long(1),
                statement.Text(2),
                statement.Text(3) is { Length: > 0 } person ? person : null,
                DateTimeOffset.FromUnixTimeMilliseconds(statement.Long(4)))));
        }

        return changes;
    }

    /// <summary>Gets the highest number that a row of profiles has; rows that were deleted leave holes below it.</summary>
    public long HighestProfileRow()
    {
        using var reader = _readers.Take();
        var statement = reader.Prepare("SELECT coalesce(max(rowid), 0) FROM profiles");
        statement.Step();
        return statement.Long(0);
    }

    /// <summary>Reads the id in one row of the profiles; null where it is a hole.</summary>
    public string? ReadProfileId(long row)
    {
        using var reader = _readers.Take();
        var statement = reader.Prepare("SELECT id FROM profiles WHERE rowid=?1").Bind(1, row);
        return statement.Step() ? statement.Text(0) : null;
    }
}
