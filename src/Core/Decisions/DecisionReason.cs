namespace Personalization.Core.Decisions;

/// <summary>Why a placement shows what it shows. From <see cref="UnknownPlacement"/> on, the control is shown.</summary>
public enum DecisionReason : byte
{
    /// <summary>An experiment's variant, drawn by the hash of the person.</summary>
    Experiment,

    /// <summary>An experiment's variant the person saw before under the same version.</summary>
    Sticky,

    /// <summary>The first experience whose audience the person is in.</summary>
    Audience,

    /// <summary>The first experience, which has no audience.</summary>
    Default,

    /// <summary>No such placement is configured.</summary>
    UnknownPlacement,

    /// <summary>The person is in no experience's audience.</summary>
    NoEligibleExperience,

    /// <summary>The drawn variant is the control.</summary>
    ControlVariant,

    /// <summary>The experience recommends items, and the catalog has none.</summary>
    EmptyCatalog,

    /// <summary>The experience recommends items, and none passes its filter.</summary>
    NoCandidates,

    /// <summary>The experience recommends items and has no template to show them with.</summary>
    MissingTemplate,

    /// <summary>Something unforeseen broke; the server's log says what.</summary>
    Failed,

    /// <summary>The placement has an experiment, and a program is asking: it sees none, and is counted in none.</summary>
    Automated,
}
