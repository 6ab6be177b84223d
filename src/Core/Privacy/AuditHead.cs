namespace Personalization.Core.Privacy;

/// <summary>The end of a chain: whoever keeps it elsewhere can prove later that nothing before it changed.</summary>
/// <param name="Sequence">The number of the last entry; 0 of an empty chain.</param>
/// <param name="Hash">Its hash; 32 zero bytes of an empty chain.</param>
public sealed record AuditHead(long Sequence, ReadOnlyMemory<byte> Hash)
{
    /// <summary>The end of a chain that nothing is in.</summary>
    public static readonly AuditHead Empty = new(0, new byte[AuditChain.HashLength]);
}
