using Personalization.Core.Privacy;

namespace Personalization.Grains.Privacy;

/// <summary>An <see cref="Erasure"/> on its way between processes.</summary>
[GenerateSerializer]
[Immutable]
[Alias("pz.erasure-status")]
public sealed record ErasureStatus(
    [property: Id(0)] DateTimeOffset RequestedAt,
    [property: Id(1)] DateTimeOffset? FinishedAt,
    [property: Id(2)] long Total,
    [property: Id(3)] long Done,
    [property: Id(4)] long Profiles,
    [property: Id(5)] long Decisions,
    [property: Id(6)] long TrainingSessions,
    [property: Id(7)] (string Place, DateTimeOffset? Until)[] Remains)
{
    /// <summary>Unpacks it.</summary>
    public Erasure ToErasure(string id) => new()
    {
        Id = id,
        RequestedAt = RequestedAt,
        FinishedAt = FinishedAt,
        Total = Total,
        Done = Done,
        Erased = new ErasedCounts(Profiles, Decisions, TrainingSessions),
        Remains = [.. Remains.Select(remainder => new Remainder(remainder.Place, remainder.Until))],
    };
}
