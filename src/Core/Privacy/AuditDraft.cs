namespace Personalization.Core.Privacy;

/// <summary>Something that happened and is to be put on record, before it has its place in the trail.</summary>
/// <param name="Time">When, in milliseconds since the Unix epoch.</param>
/// <param name="Kind">What, in snake case: one of <see cref="AuditKinds"/>.</param>
/// <param name="Actor">Who did it, as a role: <c>event</c>, <c>api</c>, <c>system</c>.</param>
/// <param name="Person">The id of the person concerned, or null where nobody is. It never reaches the trail: a pseudonym does.</param>
/// <param name="Details">A JSON object that says more and names no person.</param>
/// <param name="Position">The log position it came from, by which it is put on record once; 0 where it came from no log.</param>
public sealed record AuditDraft(long Time, string Kind, string Actor, string? Person, string Details, long Position = 0)
{
    /// <summary>Gives it its place.</summary>
    /// <param name="sequence">Its number in the chain, from 1.</param>
    /// <param name="subject">The person's pseudonym (<see cref="AuditSubject"/>), or null where nobody is concerned.</param>
    /// <param name="previous">The hash of the entry before it; 32 zero bytes before the first.</param>
    public AuditEntry Follow(long sequence, string? subject, ReadOnlyMemory<byte> previous)
    {
        var entry = new AuditEntry(sequence, Time, Kind, Actor, subject, Details, previous, default);
        return entry with { Hash = AuditChain.HashOf(entry) };
    }
}
