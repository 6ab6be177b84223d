using System.Globalization;
using System.Security.Cryptography;
using Personalization.Core.Segments;
using Personalization.Node.Storage;

namespace Personalization.Node;

/// <content>What is asked about segments.</content>
public sealed partial class NodePersonalizer
{
    private const int PageChanges = 1_000;

    // Rows of deleted people are holes among the others. Where nearly all are, fewer people are asked than were wanted.
    private const int TriesForEach = 20;

    /// <inheritdoc/>
    public ValueTask<SegmentSize?> SizeOfSegmentAsync(string id, CancellationToken cancellation) =>
        new(RowOf(id) is { } row ? new SegmentSize(row.Size, !row.IsPending) : null);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<string>?> SampleSegmentAsync(string id, int count, CancellationToken cancellation) =>
        new(RowOf(id) is { } row ? Shuffled(_database.ReadMembers(row.Number, RandomPlace(), count)) : null);

    /// <inheritdoc/>
    public async ValueTask<SegmentOverlap> OverlapSegmentsAsync(IReadOnlyList<string> ids, CancellationToken cancellation)
    {
        // It may take a while, and never on the thread that brought the request.
        return await Task.Run(Count, cancellation);

        SegmentOverlap Count()
        {
            var rows = ids.Select(id => RowOf(id) ?? throw new ArgumentException($"There is no segment \"{id}\".", nameof(ids))).ToArray();
            return new SegmentOverlap(
                [.. rows.Select(row => (row.Id, row.Size))],
                [.. rows.Skip(1).Select(row => (row.Id, InAll(rows[0], row)))],
                InAll(rows));
        }

        long InAll(params SegmentRow[] rows) => _database.CountInAll([.. rows.OrderBy(row => row.Size).Select(row => row.Number)]);
    }

    /// <inheritdoc/>
    public async ValueTask<SegmentPreview> PreviewSegmentAsync(SegmentDraft draft, CancellationToken cancellation)
    {
        return await Task.Run(Preview, cancellation);

        SegmentPreview Preview()
        {
            var people = _storedProfiles + _profiles.Added;
            var evaluator = new SegmentEvaluator(_words, _policy);
            var areAll = people <= draft.Sample;
            var (asked, matched) = Ask(areAll ? Everybody() : Drawn(draft.Sample, cancellation), evaluator, draft, cancellation);
            SegmentReplacement? replaced = null;
            if (draft.Replaces is { } id && RowOf(id) is { } row)
            {
                var members = _database.ReadMembers(row.Number, RandomPlace(), draft.Sample);
                var (askedMembers, staying) = Ask(members, evaluator, draft, cancellation);
                replaced = new SegmentReplacement(id, row.Size, askedMembers, askedMembers - staying.Count);
            }

            return new SegmentPreview(
                areAll ? asked : Math.Max(people, asked), asked, matched.Count, [.. Shuffled(matched).Take(SegmentPreview.MostExamples)], replaced);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<SegmentChangePage> ReadSegmentChangesAsync(
        string? segment, string? after, TimeSpan patience, CancellationToken cancellation)
    {
        if (after is null)
        {
            return Page([], _database.LastSegmentChange, missed: false);
        }

        if (!long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out var position))
        {
            throw new FormatException("This is no place of this server's journal.");
        }

        var last = _database.LastSegmentChange;
        var missed = position > last || position < last - _options.SegmentJournal;
        position = position > last ? last : position;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(patience);
        while (true)
        {
            var written = _segments.Written;
            var found = _database.ReadSegmentChanges(position, PageChanges);
            position = found.Count > 0 ? found[^1].Sequence : position;
            var wanted = found.Select(entry => entry.Change).Where(change => segment is null || change.Segment == segment).ToArray();
            if (wanted.Length > 0 || missed)
            {
                return Page(wanted, position, missed);
            }

            if (found.Count == 0)
            {
                await written.WaitAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                cancellation.ThrowIfCancellationRequested();
                if (limit.IsCancellationRequested)
                {
                    return Page([], position, missed: false);
                }
            }
        }

        static SegmentChangePage Page(IReadOnlyList<SegmentChange> changes, long position, bool missed) =>
            new(changes, position.ToString(CultureInfo.InvariantCulture), missed);
    }

    /// <summary>Removes people, whose profiles are erased, from members and journal; nobody is told that they left.</summary>
    internal void ForgetMemberships(IReadOnlyCollection<string> people) => _segments.Forget(people);

    private SegmentRow? RowOf(string id) => _database.ReadSegments().FirstOrDefault(row => row.Id == id && !row.IsDeleted);

    private HashSet<string> Everybody() => [.. _database.ProfileIds(), .. _profiles.Hot.Select(slot => slot.Profile.Id)];

    private HashSet<string> Drawn(int count, CancellationToken cancellation)
    {
        var rows = _database.HighestProfileRow();
        var drawn = new HashSet<string>(count, StringComparer.Ordinal);
        for (var left = (long)count * TriesForEach; left > 0 && drawn.Count < count && rows > 0; left--)
        {
            cancellation.ThrowIfCancellationRequested();
            if (_database.ReadProfileId(Random.Shared.NextInt64(rows) + 1) is { } id)
            {
                drawn.Add(id);
            }
        }

        // Those of the last seconds have no row yet. Where there are few rows they make up for them.
        foreach (var id in Shuffled(drawn.Count < count ? _profiles.Hot.Select(slot => slot.Profile.Id) : []).Take(count))
        {
            _ = drawn.Count < count && drawn.Add(id);
        }

        return drawn;
    }

    private (int Asked, List<string> Matched) Ask(
        IEnumerable<string> people, SegmentEvaluator evaluator, SegmentDraft draft, CancellationToken cancellation)
    {
        var asked = 0;
        var matched = new List<string>();
        var now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var id in people)
        {
            cancellation.ThrowIfCancellationRequested();
            if (_profiles.Borrow(id) is not { } slot)
            {
                continue;
            }

            lock (slot)
            {
                var isSomebody = SegmentEvaluator.IsSomebody(slot.Profile);
                asked += isSomebody ? 1 : 0;
                if (isSomebody && evaluator.Matches(draft.Definition, slot.Profile, now))
                {
                    matched.Add(id);
                }
            }

            _profiles.Release(slot);
        }

        return (asked, matched);
    }

    private static long RandomPlace() => BitConverter.ToInt64(RandomNumberGenerator.GetBytes(8));

    private static string[] Shuffled(IEnumerable<string> people)
    {
        var shuffled = people.ToArray();
        Random.Shared.Shuffle(shuffled);
        return shuffled;
    }
}
