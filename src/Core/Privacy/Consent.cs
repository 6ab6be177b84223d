namespace Personalization.Core.Privacy;

/// <summary>What a person granted and denied; a purpose in neither set is unknown.</summary>
/// <remarks>The default value knows nothing, and what is unknown is allowed: a site without consent management still works.</remarks>
/// <param name="Granted">The purposes explicitly granted.</param>
/// <param name="Denied">The purposes explicitly denied.</param>
public readonly record struct Consent(Purposes Granted, Purposes Denied)
{
    /// <summary>Says whether a purpose may be served: anything that was not denied.</summary>
    public bool Allows(Purposes purpose) => (Denied & purpose) == 0;

    /// <summary>Finds a purpose by its name on the wire: <c>analytics personalization training advertising crossDevice</c>.</summary>
    /// <returns><see cref="Purposes.None"/> where there is no such purpose.</returns>
    public static Purposes Parse(string name) => name switch
    {
        "analytics" => Purposes.Analytics,
        "personalization" => Purposes.Personalization,
        "training" => Purposes.Training,
        "advertising" => Purposes.Advertising,
        "crossDevice" => Purposes.CrossDevice,
        _ => Purposes.None,
    };
}
