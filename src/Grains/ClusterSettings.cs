using Personalization.Core.Privacy;

namespace Personalization.Grains;

/// <summary>What whoever runs the cluster decides.</summary>
public sealed record ClusterSettings
{
    /// <summary>Gets how long a decision waits for the person's profile, or for the version asked for; the default is 100 ms.</summary>
    public TimeSpan DecisionBudget { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Gets when people of whom nothing is heard are forgotten; null, the default, for never.</summary>
    public ProfileRetention? Retention { get; init; }

    /// <summary>Gets how long after a walk through all stored profiles the next one begins; the default is a day.</summary>
    public TimeSpan RetentionInterval { get; init; } = TimeSpan.FromDays(1);
}
