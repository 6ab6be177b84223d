namespace Personalization.Core.Privacy;

/// <summary>One entry of the audit trail.</summary>
/// <param name="Sequence">Its number in the chain, from 1 without holes.</param>
/// <param name="Time">When it happened, in milliseconds since the Unix epoch.</param>
/// <param name="Kind">What happened: one of <see cref="AuditKinds"/>.</param>
/// <param name="Actor">Who did it, as a role.</param>
/// <param name="Subject">The pseudonym of the person concerned, or null.</param>
/// <param name="Details">A JSON object, byte for byte as it was hashed.</param>
/// <param name="Previous">The hash of the entry before it, 32 bytes.</param>
/// <param name="Hash">Its own hash, 32 bytes.</param>
public sealed record AuditEntry(
    long Sequence,
    long Time,
    string Kind,
    string Actor,
    string? Subject,
    string Details,
    ReadOnlyMemory<byte> Previous,
    ReadOnlyMemory<byte> Hash);
