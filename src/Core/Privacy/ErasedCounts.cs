namespace Personalization.Core.Privacy;

/// <summary>How much an erasure found and removed.</summary>
/// <param name="Profiles">How many of the people were known.</param>
/// <param name="Decisions">How many remembered decisions were theirs.</param>
/// <param name="TrainingSessions">How many sessions of theirs were kept for training.</param>
public readonly record struct ErasedCounts(long Profiles, long Decisions, long TrainingSessions)
{
    /// <summary>Adds what two parts of an erasure removed.</summary>
    public static ErasedCounts operator +(ErasedCounts left, ErasedCounts right) => new(
        left.Profiles + right.Profiles, left.Decisions + right.Decisions, left.TrainingSessions + right.TrainingSessions);

    /// <summary>Adds what another part of an erasure removed.</summary>
    public ErasedCounts Add(ErasedCounts other) => this + other;
}
