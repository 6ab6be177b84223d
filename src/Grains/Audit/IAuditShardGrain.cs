namespace Personalization.Grains.Audit;

/// <summary>The one writer of one chain of the audit trail. The key is the chain's number.</summary>
[Alias("pz.audit-shard")]
public interface IAuditShardGrain : IGrainWithIntegerKey
{
    /// <summary>Puts something on record, unless its position is on record already. When it returns it is stored.</summary>
    [Alias("append")]
    ValueTask AppendAsync(AuditRecord record);
}
