namespace Personalization.Core.Privacy;

/// <summary>A part of one chain of the trail.</summary>
/// <param name="Chains">How many chains there are, 1 or more; each is verified by itself.</param>
/// <param name="Head">The end of the chain, as the host has noted it beside the entries.</param>
/// <param name="Entries">The entries asked for, in order.</param>
public sealed record AuditPage(int Chains, AuditHead Head, IReadOnlyList<AuditEntry> Entries);
