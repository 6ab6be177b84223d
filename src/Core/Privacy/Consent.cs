namespace Personalization.Core.Privacy;

/// <summary>What was said of purposes: with an event or a question it holds for that alone, with an event of type <c>consent</c> from then on.</summary>
/// <remarks>The default value says nothing.</remarks>
/// <param name="Granted">The purposes explicitly granted.</param>
/// <param name="Denied">The purposes explicitly denied.</param>
public readonly record struct Consent(Purposes Granted, Purposes Denied)
{
    /// <summary>Gets the purposes explicitly said to be unknown: an earlier choice is taken back.</summary>
    public Purposes Withdrawn { get; init; }

    /// <summary>Gets where it was said.</summary>
    public ConsentSource Source { get; init; }

    /// <summary>Gets every purpose that something is said of.</summary>
    public Purposes Named => Granted | Denied | Withdrawn;

    /// <summary>Says whether a purpose may be served, as far as this goes: anything that was not denied.</summary>
    public bool Allows(Purposes purpose) => (Denied & purpose) == 0;

    /// <summary>Denies more purposes, whatever was said of them.</summary>
    public Consent Without(Purposes denied) =>
        this with { Granted = Granted & ~denied, Denied = Denied | denied, Withdrawn = Withdrawn & ~denied };

    /// <summary>Finds a purpose by its name on the wire: <c>analytics personalization training advertising crossDevice</c>.</summary>
    /// <returns><see cref="Purposes.None"/> where there is no such purpose.</returns>
    public static Purposes Parse(string name) => PurposeNames.Parse(name);
}
