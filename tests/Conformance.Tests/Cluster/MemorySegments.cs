using System.Globalization;
using Personalization.Core.Segments;
using Personalization.Grains.Segments;

namespace Personalization.Conformance.Tests.Cluster;

/// <summary>Memberships that every process of the test finds.</summary>
internal sealed class MemorySegments : ISegmentStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (int Number, ulong Fingerprint)> _segments = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Memberships> _people = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _due = new(StringComparer.Ordinal);
    private readonly HashSet<string> _pending = new(StringComparer.Ordinal);
    private readonly List<SegmentChange> _journal = [];
    private long _revision = -1;
    private (long Revision, string Cursor)? _backfill;
    private int _last;

    public ValueTask<IReadOnlyDictionary<string, int>> AdoptAsync(long revision, IReadOnlyList<SegmentDefinition> segments, long at)
    {
        lock (_gate)
        {
            if (revision > _revision)
            {
                _revision = revision;
                foreach (var segment in segments.Where(segment => !_segments.TryGetValue(segment.Id, out var known) || known.Fingerprint != segment.Fingerprint))
                {
                    _segments[segment.Id] = (_segments.TryGetValue(segment.Id, out var known) ? known.Number : ++_last, segment.Fingerprint);
                    _pending.Add(segment.Id);
                    _backfill = (revision, "0");
                }

                foreach (var id in _segments.Keys.Except(segments.Select(segment => segment.Id)).ToArray())
                {
                    _segments.Remove(id);
                    _pending.Remove(id);
                    Note(SegmentChangeKind.Deleted, id, null, at);
                }
            }

            return new(_segments.ToDictionary(segment => segment.Key, segment => segment.Value.Number));
        }
    }

    public ValueTask<(int Number, bool IsPending)?> FindAsync(string id)
    {
        lock (_gate)
        {
            return new(_segments.TryGetValue(id, out var segment) ? (segment.Number, _pending.Contains(id)) : null);
        }
    }

    public ValueTask<Memberships> ReadMembershipsAsync(string person)
    {
        lock (_gate)
        {
            var copy = default(Memberships);
            foreach (var entry in _people.GetValueOrDefault(person).Entries)
            {
                copy.Set(entry.Segment, member: true, entry.Since);
            }

            return new(copy);
        }
    }

    public ValueTask WriteAsync(string person, IReadOnlyList<(string Segment, SegmentFlip Flip)> changes, long due)
    {
        lock (_gate)
        {
            var memberships = _people.GetValueOrDefault(person);
            foreach (var (segment, flip) in changes)
            {
                if (memberships.Set(flip.Segment, flip.Entered, (uint)(flip.At / 1000)))
                {
                    Note(flip.Entered ? SegmentChangeKind.Enter : SegmentChangeKind.Leave, segment, person, flip.At);
                }
            }

            _people[person] = memberships;
            _due[person] = due == 0 ? long.MaxValue : due;
            return default;
        }
    }

    public ValueTask ForgetAsync(IReadOnlyCollection<string> people)
    {
        lock (_gate)
        {
            foreach (var person in people)
            {
                _people.Remove(person);
                _due.Remove(person);
            }

            _journal.RemoveAll(change => change.Person is { } person && people.Contains(person));
            return default;
        }
    }

    public ValueTask<IReadOnlyList<string>> ReadDueAsync(long now, int most)
    {
        lock (_gate)
        {
            return new([.. _due.Where(entry => entry.Value <= now).Select(entry => entry.Key).Take(most)]);
        }
    }

    public ValueTask<(long Revision, string Cursor)?> ReadBackfillAsync()
    {
        lock (_gate)
        {
            return new(_backfill);
        }
    }

    public ValueTask<(IReadOnlyList<string> People, string Next)> ScanPeopleAsync(string cursor, int some)
    {
        lock (_gate)
        {
            var from = int.Parse(cursor, CultureInfo.InvariantCulture);
            string[] people = [.. _people.Keys.Order(StringComparer.Ordinal).Skip(from).Take(some)];
            return new((people, people.Length < some ? "" : (from + some).ToString(CultureInfo.InvariantCulture)));
        }
    }

    public ValueTask WriteBackfillAsync(long revision, string cursor)
    {
        lock (_gate)
        {
            if (_backfill?.Revision == revision)
            {
                _backfill = cursor.Length == 0 ? null : (revision, cursor);
                if (_backfill is null)
                {
                    _pending.Clear();
                }
            }

            return default;
        }
    }

    public ValueTask<bool> ClearDeletedAsync(int most) => new(false);

    public ValueTask<long> CountPeopleAsync()
    {
        lock (_gate)
        {
            return new(_people.Count);
        }
    }

    public ValueTask<IReadOnlyList<string>> DrawPeopleAsync(int count)
    {
        lock (_gate)
        {
            return new([.. _people.Keys.Take(count)]);
        }
    }

    public ValueTask<long> CountInAllAsync(IReadOnlyList<int> segments)
    {
        lock (_gate)
        {
            return new(_people.Values.LongCount(memberships => segments.All(segment => memberships.Contains(segment))));
        }
    }

    public ValueTask<IReadOnlyList<string>> DrawMembersAsync(int segment, int count)
    {
        lock (_gate)
        {
            return new([.. _people.Where(person => person.Value.Contains(segment)).Select(person => person.Key).Take(count)]);
        }
    }

    public ValueTask<(IReadOnlyList<SegmentChange> Changes, bool Missed)> ReadChangesAsync(string after, int most)
    {
        lock (_gate)
        {
            return new(([.. _journal.Skip(int.Parse(after, NumberStyles.None, CultureInfo.InvariantCulture)).Take(most)], false));
        }
    }

    public ValueTask<string> LastChangeAsync()
    {
        lock (_gate)
        {
            return new(_journal.Count.ToString(CultureInfo.InvariantCulture));
        }
    }

    private void Note(SegmentChangeKind kind, string segment, string? person, long at) => _journal.Add(new SegmentChange(
        (_journal.Count + 1).ToString(CultureInfo.InvariantCulture), kind, segment, person, DateTimeOffset.FromUnixTimeMilliseconds(at)));
}
