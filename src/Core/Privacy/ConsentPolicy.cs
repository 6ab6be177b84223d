namespace Personalization.Core.Privacy;

/// <summary>What is done where nobody said anything.</summary>
/// <param name="DeniesUnknown">Whether a purpose of which nothing is known counts as denied. By default it is allowed: a site without consent management works.</param>
public sealed record ConsentPolicy(bool DeniesUnknown)
{
    /// <summary>The policy of a server that is told nothing else.</summary>
    public static readonly ConsentPolicy Default = new(DeniesUnknown: false);

    /// <summary>Gives the purposes that may not be served.</summary>
    /// <param name="said">What the event or the question says. It may allow what is unknown, never what is denied.</param>
    /// <param name="stored">What the person chose before.</param>
    public Purposes Denied(Consent said, Profiles.ConsentChoices stored)
    {
        var denied = said.Denied | stored.Denied;
        return DeniesUnknown ? denied | (PurposeNames.Every & ~(said.Granted | stored.Granted)) : denied;
    }
}
