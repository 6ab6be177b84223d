namespace Personalization.Core.Privacy;

/// <summary>Where a chain is broken.</summary>
/// <param name="Sequence">The number of the entry concerned.</param>
/// <param name="Detail">One sentence for a person: changed, missing, or out of its place.</param>
public sealed record AuditFault(long Sequence, string Detail);
