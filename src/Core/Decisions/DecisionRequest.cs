using Personalization.Core.Conditions;
using Personalization.Core.Features;
using Personalization.Core.Privacy;

namespace Personalization.Core.Decisions;

/// <summary>What a page asks: who is looking, at what, and which placements it has.</summary>
public sealed class DecisionRequest
{
    /// <summary>Gets the device's id, 1 to 256 characters; it or <see cref="UserId"/> is given.</summary>
    public string? AnonymousId { get; init; }

    /// <summary>Gets the login's id, 1 to 256 characters.</summary>
    public string? UserId { get; init; }

    /// <summary>Gets the page.</summary>
    public PageContext? Page { get; init; }

    /// <summary>Gets the placements to decide, or null for all that are configured.</summary>
    public IReadOnlyList<string>? Placements { get; init; }

    /// <summary>Gets what else conditions may look at, as <c>context.…</c>: an object, or missing.</summary>
    public AttributeValue Context { get; init; }

    /// <summary>Gets or sets what the door saw of the visitor's browser and connection; null where nobody did.</summary>
    public ClientContext? Client { get; set; }

    /// <summary>Gets, by placement, the items to choose from; a placement without an entry chooses from the catalog.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Candidates { get; init; }

    /// <summary>Gets the most items per placement, 1 to 100; null for what the experience says.</summary>
    public int? Limit { get; init; }

    /// <summary>Gets the version of the profile, as ingestion returned it, that the decision must have seen.</summary>
    public long? MinProfileVersion { get; init; }

    /// <summary>Gets what the person says of purposes, for this decision; what was denied before stays denied.</summary>
    public Consent Consent { get; init; }

    /// <summary>Gets whether a program asks that says so in its user agent.</summary>
    public bool IsAutomated { get; private set; }

    /// <summary>States that a program asks.</summary>
    public void MarkAutomated() => IsAutomated = true;

    /// <summary>Gets the id of the profile: the login where there is one, else the device.</summary>
    public string PersonId => UserId ?? AnonymousId!;
}
