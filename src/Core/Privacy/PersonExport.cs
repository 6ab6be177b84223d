using Personalization.Core.Decisions;
using Personalization.Core.Profiles;
using Personalization.Core.Training;

namespace Personalization.Core.Privacy;

/// <summary>Everything that is kept of one person, to be taken away.</summary>
/// <param name="Id">The id that was asked for.</param>
/// <param name="ExportedAt">When it was read.</param>
/// <param name="Profile">The profile; null where nothing was folded.</param>
/// <param name="Decisions">The decisions remembered, oldest first.</param>
/// <param name="TrainingSessions">The sessions kept for training, oldest first.</param>
public sealed record PersonExport(
    string Id,
    DateTimeOffset ExportedAt,
    ProfileView? Profile,
    IReadOnlyList<DecisionRecord> Decisions,
    IReadOnlyList<TrainingSession> TrainingSessions)
{
    /// <summary>The version of the form, which the published schema names.</summary>
    public const int FormatVersion = 1;

    /// <summary>Gets whether there is nothing.</summary>
    public bool IsEmpty => Profile is null && Decisions.Count == 0 && TrainingSessions.Count == 0;
}
