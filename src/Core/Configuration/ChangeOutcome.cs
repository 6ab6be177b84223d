namespace Personalization.Core.Configuration;

/// <summary>What became of a change.</summary>
/// <param name="Status">Whether it was applied.</param>
/// <param name="Revision">The configuration's revision now.</param>
/// <param name="Changed">The documents that are different now.</param>
/// <param name="ChangedItems">How many items are different now.</param>
/// <param name="Problems">Why it was not applied.</param>
public sealed record ChangeOutcome(
    ChangeStatus Status,
    long Revision,
    IReadOnlyList<(ConfigurationKind Kind, string Id)> Changed,
    int ChangedItems,
    IReadOnlyList<Problem> Problems);
