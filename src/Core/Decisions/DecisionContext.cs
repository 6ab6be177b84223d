using Personalization.Core.Privacy;
using Personalization.Core.Profiles;

namespace Personalization.Core.Decisions;

/// <summary>What a decision looks at: the person, the request, the time.</summary>
/// <param name="Profile">The person's profile; of a stranger, an empty one.</param>
/// <param name="Request">What was asked.</param>
/// <param name="Now">Milliseconds since the Unix epoch.</param>
/// <param name="Words">The process's vocabulary.</param>
/// <param name="FoldedThrough">The log position up to which the host has folded everything.</param>
public sealed record DecisionContext(UserProfile Profile, DecisionRequest Request, long Now, Vocabulary Words, long FoldedThrough)
{
    /// <summary>Gets what the person denied: features that are read for it read as their defaults.</summary>
    public Purposes Denied { get; init; }

    /// <summary>Gets whether a program asks: by its user agent, or by what the profile knows.</summary>
    public bool IsAutomated => Request.IsAutomated || Profile.IsAutomatedAt(Now);

    /// <summary>Gets the profile of the asking device itself, where <see cref="Profile"/> may lack what was shown on it; else null.</summary>
    /// <remarks>Only its exposures are read, which may happen while it is folded into.</remarks>
    public UserProfile? Device { get; init; }

    /// <summary>Makes what a decision may look at of a person, after what they denied with the question or before.</summary>
    /// <param name="profile">The person's profile. Who denied personalization is decided for as a stranger.</param>
    /// <param name="request">What was asked.</param>
    /// <param name="now">Milliseconds since the Unix epoch.</param>
    /// <param name="words">The process's vocabulary.</param>
    /// <param name="foldedThrough">The log position up to which the host has folded everything.</param>
    /// <param name="policy">What holds where nothing was said.</param>
    /// <param name="device">What becomes <see cref="Device"/>.</param>
    public static DecisionContext Of(
        UserProfile profile,
        DecisionRequest request,
        long now,
        Vocabulary words,
        long foldedThrough,
        ConsentPolicy policy,
        UserProfile? device = null)
    {
        var denied = policy.Denied(request.Consent, profile.Consent);
        var isStranger = (denied & Purposes.Personalization) != 0;

        // A stranger has no version to wait for: that there is one would tell of the profile.
        return new DecisionContext(
            isStranger ? new UserProfile(request.PersonId) : profile, request, now, words, isStranger ? long.MaxValue : foldedThrough)
        {
            Denied = denied,
            Device = isStranger ? null : device,
        };
    }

    /// <summary>Gets <see cref="Now"/> in seconds.</summary>
    internal uint NowSeconds => (uint)Math.Clamp(Now / 1000, 0, uint.MaxValue);
}
