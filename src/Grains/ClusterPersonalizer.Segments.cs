using Personalization.Core;
using Personalization.Core.Profiles;
using Personalization.Core.Segments;
using Personalization.Grains.Profiles;

namespace Personalization.Grains;

/// <content>What is asked about segments.</content>
public sealed partial class ClusterPersonalizer
{
    private const int PageChanges = 1_000;
    private const int MostPeeks = 64;

    // The journal is looked at this often for those who wait for something to come.
    private static readonly TimeSpan JournalPoll = TimeSpan.FromMilliseconds(200);

    /// <inheritdoc/>
    public async ValueTask<SegmentSize?> SizeOfSegmentAsync(string id, CancellationToken cancellation) =>
        await memberships.FindAsync(id) is { } segment
            ? new SegmentSize(await memberships.CountInAllAsync([segment.Number]), !segment.IsPending)
            : null;

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<string>?> SampleSegmentAsync(string id, int count, CancellationToken cancellation) =>
        await memberships.FindAsync(id) is { } segment ? await memberships.DrawMembersAsync(segment.Number, count) : null;

    /// <inheritdoc/>
    public async ValueTask<SegmentOverlap> OverlapSegmentsAsync(IReadOnlyList<string> ids, CancellationToken cancellation)
    {
        var numbers = new List<int>();
        foreach (var id in ids)
        {
            numbers.Add((await memberships.FindAsync(id) ?? throw new UnavailableException(
                $"The members of \"{id}\" are not known yet.", TimeSpan.FromSeconds(1))).Number);
        }

        var sizes = new List<(string, long)>();
        var pairs = new List<(string, long)>();
        for (var i = 0; i < numbers.Count; i++)
        {
            sizes.Add((ids[i], await memberships.CountInAllAsync([numbers[i]])));
            if (i > 0)
            {
                pairs.Add((ids[i], await memberships.CountInAllAsync([numbers[0], numbers[i]])));
            }
        }

        return new SegmentOverlap(sizes, pairs, await memberships.CountInAllAsync(numbers));
    }

    /// <inheritdoc/>
    public async ValueTask<SegmentPreview> PreviewSegmentAsync(SegmentDraft draft, CancellationToken cancellation)
    {
        var people = await memberships.CountPeopleAsync();
        var (asked, matched) = await AskAsync(await memberships.DrawPeopleAsync(draft.Sample), draft, cancellation);
        SegmentReplacement? replaced = null;
        if (draft.Replaces is { } id && await memberships.FindAsync(id) is { } segment)
        {
            var size = await memberships.CountInAllAsync([segment.Number]);
            var (members, staying) = await AskAsync(await memberships.DrawMembersAsync(segment.Number, draft.Sample), draft, cancellation);
            replaced = new SegmentReplacement(id, Math.Max(size, members), members, members - staying.Count);
        }

        return new SegmentPreview(people <= draft.Sample ? asked : Math.Max(people, asked), asked, matched.Count, [.. matched.Take(SegmentPreview.MostExamples)], replaced);
    }

    /// <inheritdoc/>
    public async ValueTask<SegmentChangePage> ReadSegmentChangesAsync(
        string? segment, string? after, TimeSpan patience, CancellationToken cancellation)
    {
        if (after is null)
        {
            return new SegmentChangePage([], await memberships.LastChangeAsync(), Missed: false);
        }

        var started = time.GetTimestamp();
        var missedAny = false;
        while (true)
        {
            var (found, missed) = await memberships.ReadChangesAsync(after, PageChanges);
            missedAny |= missed;
            after = found.Count > 0 ? found[^1].Id : after;
            var wanted = found.Where(change => segment is null || change.Segment == segment).ToArray();
            if (wanted.Length > 0 || missedAny || (found.Count == 0 && time.GetElapsedTime(started) >= patience))
            {
                return new SegmentChangePage(wanted, after, missedAny);
            }

            if (found.Count == 0)
            {
                await Task.Delay(JournalPoll, time, cancellation);
            }
        }
    }

    private async Task<(int Asked, List<string> Matched)> AskAsync(IReadOnlyList<string> people, SegmentDraft draft, CancellationToken cancellation)
    {
        var asked = 0;
        var matched = new List<string>();
        var evaluator = new SegmentEvaluator(words, policy);
        foreach (var some in people.Chunk(MostPeeks))
        {
            cancellation.ThrowIfCancellationRequested();
            var states = await Task.WhenAll(some.Select(PeekAsync));
            var now = time.GetUtcNow().ToUnixTimeMilliseconds();
            for (var i = 0; i < some.Length; i++)
            {
                if (states[i] is { } bytes && UserProfile.Read(some[i], bytes, words) is var profile && SegmentEvaluator.IsSomebody(profile))
                {
                    asked++;
                    if (evaluator.Matches(draft.Definition, profile, now))
                    {
                        matched.Add(some[i]);
                    }
                }
            }
        }

        return (asked, matched);
    }

    private async Task<byte[]?> PeekAsync(string person)
    {
        try
        {
            return await grains.GetGrain<IUserProfileGrain>(person).PeekAsync();
        }
        catch (UnreadableProfileException)
        {
            return null;
        }
    }
}
