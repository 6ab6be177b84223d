namespace Personalization.Core.Privacy;

/// <summary>How far an erasure has come. When it is finished it is the receipt. It names nobody.</summary>
public sealed record Erasure
{
    /// <summary>The most people that one erasure takes.</summary>
    public const int MostPeople = 10_000;

    /// <summary>Gets the erasure's id.</summary>
    public required string Id { get; init; }

    /// <summary>Gets when it was asked for.</summary>
    public required DateTimeOffset RequestedAt { get; init; }

    /// <summary>Gets when nothing was left of anybody, or null while something may be.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>Gets how many people are to be erased.</summary>
    public required long Total { get; init; }

    /// <summary>Gets how many of them are.</summary>
    public required long Done { get; init; }

    /// <summary>Gets what was removed so far.</summary>
    public ErasedCounts Erased { get; init; }

    /// <summary>Gets what can't be removed but goes by itself.</summary>
    public IReadOnlyList<Remainder> Remains { get; init; } = [];
}

/// <summary>A place outside the product's own stores from which something goes only with time.</summary>
/// <param name="Place">Where: <c>topic events</c>.</param>
/// <param name="Until">When it is gone at the latest; null where nobody could tell.</param>
public sealed record Remainder(string Place, DateTimeOffset? Until);
