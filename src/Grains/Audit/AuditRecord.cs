using Personalization.Core.Privacy;

namespace Personalization.Grains.Audit;

/// <summary>An <see cref="AuditDraft"/> on its way between processes.</summary>
[GenerateSerializer]
[Immutable]
[Alias("pz.audit-record")]
public sealed record AuditRecord(
    [property: Id(0)] long Time,
    [property: Id(1)] string Kind,
    [property: Id(2)] string Actor,
    [property: Id(3)] string? Person,
    [property: Id(4)] string Details,
    [property: Id(5)] long Position,
    [property: Id(6)] string? Source)
{
    /// <summary>Unpacks the draft.</summary>
    public AuditDraft ToDraft() => new(Time, Kind, Actor, Person, Details, Position);
}
