using System.Globalization;
using Personalization.Core;
using Personalization.Core.Segments;

namespace Personalization.Api.Tests;

internal sealed partial class MemoryPersonalizer
{
    private readonly List<SegmentChange> _changes = [];
    private readonly Dictionary<string, Memberships> _memberships = new(StringComparer.Ordinal);
    private SegmentEvaluator? _evaluator;

    /// <summary>Gets or sets how many of the newest changes the journal holds.</summary>
    public int Journal { get; set; } = int.MaxValue;

    private ActiveSegments Active => new(Configuration.Plan.Definitions.Select(definition => new ActiveSegment(_words.Number(definition.Id), definition)));

    public ValueTask<SegmentSize?> SizeOfSegmentAsync(string id, CancellationToken cancellation)
    {
        lock (_gate)
        {
            return new(Active.ById.ContainsKey(id) ? new SegmentSize(Members(id).Count, true) : null);
        }
    }

    public ValueTask<IReadOnlyList<string>?> SampleSegmentAsync(string id, int count, CancellationToken cancellation)
    {
        lock (_gate)
        {
            return new(Active.ById.ContainsKey(id) ? [.. Members(id).Take(count)] : null);
        }
    }

    public ValueTask<SegmentOverlap> OverlapSegmentsAsync(IReadOnlyList<string> ids, CancellationToken cancellation)
    {
        lock (_gate)
        {
            var all = Members(ids[0]);
            foreach (var id in ids)
            {
                all.IntersectWith(Members(id));
            }

            return new(new SegmentOverlap(
                [.. ids.Select(id => (id, (long)Members(id).Count))],
                [.. ids.Skip(1).Select(id => (id, (long)Members(ids[0]).Intersect(Members(id)).Count()))],
                all.Count));
        }
    }

    public ValueTask<SegmentPreview> PreviewSegmentAsync(SegmentDraft draft, CancellationToken cancellation)
    {
        lock (_gate)
        {
            _evaluator ??= new SegmentEvaluator(_words);
            var asked = _profiles.Values.Take(draft.Sample).ToArray();
            var matched = asked.Where(profile => _evaluator.Matches(draft.Definition, profile, Now)).Select(profile => profile.Id).ToArray();
            var members = draft.Replaces is { } id ? Members(id) : [];
            var leaving = members.Count(member => !_evaluator.Matches(draft.Definition, _profiles[member], Now));
            return new(new SegmentPreview(
                _profiles.Count,
                asked.Length,
                matched.Length,
                [.. matched.Take(SegmentPreview.MostExamples)],
                draft.Replaces is { } replaced ? new SegmentReplacement(replaced, members.Count, members.Count, leaving) : null));
        }
    }

    public async ValueTask<SegmentChangePage> ReadSegmentChangesAsync(
        string? segment, string? after, TimeSpan patience, CancellationToken cancellation)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            lock (_gate)
            {
                var last = _changes.Count.ToString(CultureInfo.InvariantCulture);
                if (after is null)
                {
                    return new SegmentChangePage([], last, false);
                }

                var from = int.Parse(after, NumberStyles.None, CultureInfo.InvariantCulture);
                var missed = from < _changes.Count - Journal;
                var found = _changes.Skip(Math.Max(from, _changes.Count - Journal)).Where(change => segment is null || change.Segment == segment).ToArray();
                if (found.Length > 0 || missed || time.GetElapsedTime(started) >= patience)
                {
                    return new SegmentChangePage(found, last, missed);
                }
            }

            await Task.Delay(5, cancellation);
        }
    }

    private HashSet<string> Members(string id)
    {
        var number = _words.Number(id);
        return [.. _memberships.Where(entry => entry.Value.Contains(number)).Select(entry => entry.Key)];
    }

    private void AskEverybody()
    {
        _evaluator ??= new SegmentEvaluator(_words);
        var active = Active;
        var flips = new List<SegmentFlip>();
        foreach (var profile in _profiles.Values)
        {
            var memberships = _memberships.GetValueOrDefault(profile.Id);
            _evaluator.Evaluate(active.All, profile, Now, ref memberships, flips);
            _memberships[profile.Id] = memberships;
            foreach (var flip in flips)
            {
                _changes.Add(new SegmentChange(
                    (_changes.Count + 1).ToString(CultureInfo.InvariantCulture),
                    flip.Entered ? SegmentChangeKind.Enter : SegmentChangeKind.Leave,
                    _words[flip.Segment],
                    profile.Id,
                    DateTimeOffset.FromUnixTimeMilliseconds(flip.At)));
            }

            flips.Clear();
        }
    }
}
