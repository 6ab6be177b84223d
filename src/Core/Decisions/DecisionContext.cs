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
    /// <summary>Gets the person's profile; of a stranger, an empty one.</summary>
    /// <remarks>Set anew by whoever asks about many people one after another and keeps one context for it.</remarks>
    public UserProfile Profile { get; internal set; } = Profile;

    /// <summary>Gets the time in milliseconds since the Unix epoch.</summary>
    public long Now { get; internal set; } = Now;

    /// <summary>Gets what the person denied: features that are read for it read as their defaults.</summary>
    public Purposes Denied { get; init; }

    /// <summary>Gets the profile of the asking device itself, where <see cref="Profile"/> may lack what was shown on it; else null.</summary>
    /// <remarks>Only its exposures are read, which may happen while it is folded into.</remarks>
    public UserProfile? Device { get; init; }

    /// <summary>Gets <see cref="Now"/> in seconds.</summary>
    internal uint NowSeconds => (uint)Math.Clamp(Now / 1000, 0, uint.MaxValue);
}
