namespace Personalization.Core.Training;

/// <summary>One finished session of somebody who lets it teach, without a name.</summary>
/// <remarks>
/// The pseudonym is a keyed hash of the person's id. It is the same for the sessions of one person while the key is; keys change and
/// are destroyed, so it leads back to nobody and does not join what lies far apart.
/// </remarks>
public sealed record TrainingSession
{
    /// <summary>Gets the pseudonym, 16 bytes.</summary>
    public required ReadOnlyMemory<byte> Pseudonym { get; init; }

    /// <summary>Gets the time of the first step, in milliseconds since the Unix epoch.</summary>
    public required long StartedAt { get; init; }

    /// <summary>Gets the steps in the order they were folded, at most <see cref="OpenSession.MostSteps"/>.</summary>
    public required IReadOnlyList<TrainingStep> Steps { get; init; }

    /// <summary>Gets how many items were bought.</summary>
    public required int Purchases { get; init; }

    /// <summary>Gets what they cost together, where prices were sent.</summary>
    public required double Revenue { get; init; }

    /// <summary>Gets the sum of rewards.</summary>
    public required double Reward { get; init; }
}
