using Personalization.Core.Segments;

namespace Personalization.Grains.Profiles;

/// <content>Which segments the person is in: asked where the log is folded, stored before the profile is.</content>
/// <remarks>
/// Whatever is not stored when this activation is lost is found again: the lane brings the events again, and the next activation starts
/// from what is stored.
/// </remarks>
internal sealed partial class UserProfileGrain
{
    // How many moments ahead a person is looked at, so that most are woken only when something does change.
    private const int LookAhead = 64;

    private readonly SegmentEvaluator _evaluator = new(words, policy);
    private readonly List<SegmentFlip> _flips = [];
    private Memberships _memberships;
    private bool _areKnown;
    private long _due;
    private bool _isUsed;

    public async ValueTask ReviseAsync(long revision)
    {
        CheckReadable();
        await segments.ReachAsync(revision);
        await KnowMembershipsAsync();
        var now = Now();
        AskAll(now);
        var due = _evaluator.NextFlip(segments.Active, _replica.Folded, _memberships, now, LookAhead);
        await WriteMembershipsAsync(due);
        if (!_isUsed)
        {
            // Only looked at: those whom nobody asks for need not stay in memory.
            DeactivateOnIdle();
        }
    }

    public ValueTask<byte[]?> PeekAsync()
    {
        CheckReadable();
        if (!_isUsed)
        {
            DeactivateOnIdle();
        }

        return new(_replica.View.IsKnown ? _view ??= Bytes(_replica.View) : null);
    }

    private void Ask(FoldedStep step, string eventType)
    {
        // Before they are known there is nothing to compare with; then everything is asked.
        if (step.Applied && _areKnown)
        {
            _evaluator.Evaluate(segments.Active.ChangedBy(eventType), _replica.Folded, Now(), ref _memberships, _flips);
        }
    }

    private void AskAll(long now) => _evaluator.Evaluate(segments.Active.All, _replica.Folded, now, ref _memberships, _flips);

    private async Task StoreMembershipsAsync()
    {
        var isNew = !_areKnown;
        await KnowMembershipsAsync();

        // One moment for both: what changes after the asking is to be foreseen. What is stored may be too early; then the person is
        // looked at for nothing, and it is put right.
        var now = Now();
        AskAll(now);
        var due = segments.Active.NextLook(_replica.Folded, now);
        if (isNew || _flips.Count > 0 || due < _due)
        {
            await WriteMembershipsAsync(due);
        }
    }

    private async Task KnowMembershipsAsync()
    {
        if (!_areKnown)
        {
            _memberships = await memberships.ReadMembershipsAsync(_replica.Folded.Id);
            _flips.Clear();
            _areKnown = true;
        }
    }

    private async Task WriteMembershipsAsync(long due)
    {
        var count = _flips.Count;
        var active = segments.Active;
        (string, SegmentFlip)[] changes =
            [.. _flips.Where(flip => active.Find(flip.Segment) is not null).Select(flip => (active.Find(flip.Segment)!.Definition.Id, flip))];
        await memberships.WriteAsync(_replica.Folded.Id, changes, due == long.MaxValue ? 0 : due);
        _flips.RemoveRange(0, count);
        _due = due;
    }

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();
}
