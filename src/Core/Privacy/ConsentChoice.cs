namespace Personalization.Core.Privacy;

/// <summary>What a person chose about one purpose, when and where.</summary>
/// <param name="State">What they chose.</param>
/// <param name="Since">When they last said so, in milliseconds since the Unix epoch; 0 where they never did.</param>
/// <param name="Source">Where they said so.</param>
public readonly record struct ConsentChoice(ConsentState State, long Since, ConsentSource Source)
{
    /// <summary>Somebody who never chose.</summary>
    public static readonly ConsentChoice None = new(ConsentState.Unknown, 0, ConsentSource.Event);

    /// <summary>Gets whether it was ever made.</summary>
    public bool IsMade => Since > 0;

    /// <summary>Gives the one that holds of two choices of the same person: the later, and of two at the same time the stricter.</summary>
    public ConsentChoice Or(ConsentChoice other) => Latest(other).CompareTo(Latest(this)) > 0 ? other : this;

    /// <summary>Gives the one that holds where two people turn out to be one: the stricter, and of two alike the later.</summary>
    public ConsentChoice Merge(ConsentChoice other) => Strictest(other).CompareTo(Strictest(this)) > 0 ? other : this;

    // Total orders, so that what holds depends on no order in which choices arrive or people are merged.
    private static (long, ConsentState, ConsentSource) Latest(ConsentChoice choice) => (choice.Since, choice.State, choice.Source);

    private static (bool, ConsentState, long, ConsentSource) Strictest(ConsentChoice choice) =>
        (choice.IsMade, choice.State, choice.Since, choice.Source);
}
