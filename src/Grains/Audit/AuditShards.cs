using Personalization.Core;
using Personalization.Core.Privacy;

namespace Personalization.Grains.Audit;

/// <summary>How the trail of a cluster is divided: each shard is a chain of its own, with one writer.</summary>
public static class AuditShards
{
    /// <summary>How many chains there are. Never changed: a person's entries are in one of them.</summary>
    public const int Count = 8;

    /// <summary>Gives the chain of a person.</summary>
    public static int Of(string person) => (int)(Core.StableHash.Of(person) % Count);

    /// <summary>Puts something on record, once for each position.</summary>
    /// <param name="grains">The writers.</param>
    /// <param name="draft">What happened.</param>
    /// <param name="source">Whose position it has: the id that the log has the event under, which may be a device of the person.</param>
    public static ValueTask PutOnRecordAsync(this IGrainFactory grains, AuditDraft draft, string? source = null) =>
        grains.GetGrain<IAuditShardGrain>(draft.Person is { } person ? Of(person) : 0).AppendAsync(new AuditRecord(
            draft.Time, draft.Kind, draft.Actor, draft.Person, draft.Details, draft.Position, source));
}
