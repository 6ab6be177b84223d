using Personalization.Core.Decisions;
using Personalization.Core.Privacy;
using Personalization.Core.Profiles;

namespace Personalization.Core.Segments;

/// <summary>Keeps memberships true to the conditions. One thread at a time; it is kept so that asking allocates nothing.</summary>
/// <param name="words">The process's vocabulary.</param>
/// <param name="policy">What holds where somebody chose nothing; null for <see cref="ConsentPolicy.Default"/>.</param>
public sealed class SegmentEvaluator(Vocabulary words, ConsentPolicy? policy = null)
{
    private static readonly DecisionRequest NoRequest = new() { UserId = "" };
    private static readonly UserProfile Nobody = new("");

    private readonly ConsentPolicy _policy = policy ?? ConsentPolicy.Default;
    private readonly DecisionContext _context = new(Nobody, NoRequest, 0, words, 0);

    /// <summary>Asks some segments about a person, and adds each change to a list.</summary>
    /// <remarks>Somebody of whom nothing is known, and a device that only leads to a login, is in none; nor is who denied personalization.</remarks>
    /// <param name="some">Segments in the order of their numbers, as <see cref="ActiveSegments"/> gives them.</param>
    /// <param name="profile">The person.</param>
    /// <param name="now">Milliseconds since the Unix epoch.</param>
    /// <param name="memberships">What is right afterwards.</param>
    /// <param name="flips">Receives what changed.</param>
    public void Evaluate(
        ReadOnlySpan<ActiveSegment> some, UserProfile profile, long now, ref Memberships memberships, ICollection<SegmentFlip> flips)
    {
        Look(profile, now);
        if (!IsSomebody(profile) || (_context.Denied & Purposes.Personalization) != 0)
        {
            Clear(ref memberships, now, flips);
            return;
        }

        var place = 0;
        foreach (var segment in some)
        {
            place = memberships.Seek(place, segment.Number);
            var isIn = segment.Definition.Includes(_context);
            if (isIn != memberships.IsAt(place, segment.Number))
            {
                memberships.Flip(place, segment.Number, isIn, _context.NowSeconds);
                flips.Add(new SegmentFlip(segment.Number, isIn, now));
            }
        }
    }

    /// <summary>Says whether there is a person behind a profile: something is known, and it is not that this device is somebody else's.</summary>
    public static bool IsSomebody(UserProfile profile) => profile.IsKnown && profile.Owner is null;

    /// <summary>Takes a person out of every segment.</summary>
    private static void Clear(ref Memberships memberships, long now, ICollection<SegmentFlip> flips)
    {
        foreach (var entry in memberships.Entries)
        {
            flips.Add(new SegmentFlip(entry.Segment, Entered: false, now));
        }

        memberships = default;
    }

    /// <summary>Gives the moment at which time alone changes an answer, as far as that can be foreseen.</summary>
    /// <param name="active">The segments.</param>
    /// <param name="profile">The person.</param>
    /// <param name="memberships">The person's memberships, right at <paramref name="now"/>.</param>
    /// <param name="now">Milliseconds since the Unix epoch, as is the result.</param>
    /// <param name="steps">How many moments to look at, at least 1; the last one is given where none of them changes anything.</param>
    /// <returns><see cref="long.MaxValue"/> where no answer will ever change by itself.</returns>
    public long NextFlip(ActiveSegments active, UserProfile profile, in Memberships memberships, long now, int steps)
    {
        var at = active.NextLook(profile, now);
        for (; steps > 1 && at != long.MaxValue && !Differs(active, profile, memberships, at); steps--)
        {
            at = active.NextLook(profile, at);
        }

        return at;
    }

    /// <summary>Says whether a person meets a condition that is no segment yet.</summary>
    public bool Matches(SegmentDefinition draft, UserProfile profile, long now)
    {
        Look(profile, now);
        return (_context.Denied & Purposes.Personalization) == 0 && draft.Includes(_context);
    }

    private bool Differs(ActiveSegments active, UserProfile profile, in Memberships memberships, long at)
    {
        Look(profile, at);
        if ((_context.Denied & Purposes.Personalization) != 0)
        {
            return false;
        }

        foreach (var segment in active.ByTime)
        {
            if (segment.Definition.Includes(_context) != memberships.Contains(segment.Number))
            {
                return true;
            }
        }

        return false;
    }

    private void Look(UserProfile profile, long now)
    {
        _context.Profile = profile;
        _context.Now = now;
        _context.Denied = _policy.Denied(default, profile.Consent);
    }
}
