namespace Personalization.Grains;

/// <summary>What whoever runs the cluster decides.</summary>
public sealed record ClusterSettings
{
    /// <summary>Gets how long a decision waits for the person's profile, or for the version asked for; the default is 100 ms.</summary>
    public TimeSpan DecisionBudget { get; init; } = TimeSpan.FromMilliseconds(100);
}
