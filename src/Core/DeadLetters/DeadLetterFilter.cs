namespace Personalization.Core.DeadLetters;

/// <summary>Which dead letters are meant: those that fit everything that is said.</summary>
public sealed record DeadLetterFilter
{
    /// <summary>How many are given at most.</summary>
    public const int MostAtOnce = 500;

    /// <summary>Gets the numbers, or null for any.</summary>
    public IReadOnlyList<long>? Ids { get; init; }

    /// <summary>Gets the events' type, or null for any.</summary>
    public string? Type { get; init; }

    /// <summary>Gets the reason's code, or null for any.</summary>
    public string? Code { get; init; }

    /// <summary>Gets the id of a device or a login, or null for anybody's.</summary>
    public string? Person { get; init; }

    /// <summary>Gets how many are given, the newest first. Removing takes no notice of it.</summary>
    public int Limit { get; init; } = 100;

    /// <summary>Says whether a letter is meant.</summary>
    public bool Fits(DeadLetter letter) =>
        (Ids is null || Ids.Contains(letter.Id))
        && (Type is null || Type == letter.Type)
        && (Code is null || Code == letter.Problem.Code)
        && (Person is null || Person == letter.AnonymousId || Person == letter.UserId);
}
