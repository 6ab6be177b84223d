using Personalization.Core.Privacy;

namespace Personalization.Grains.Audit;

/// <summary>Where the audit trail is kept. A port: Redis stands behind it.</summary>
/// <remarks>Every member throws <see cref="Core.UnavailableException"/> where the store can't be asked.</remarks>
public interface IAuditStore
{
    /// <summary>Appends an entry, unless the chain is longer or shorter than the entry takes it to be.</summary>
    /// <param name="chain">The chain.</param>
    /// <param name="entry">The entry.</param>
    /// <param name="source">What <paramref name="position"/> is compared under.</param>
    /// <param name="position">The position in the log it came from, or the revision.</param>
    /// <returns>False where somebody else has appended meanwhile.</returns>
    ValueTask<bool> TryAppendAsync(int chain, AuditEntry entry, string source, long position, CancellationToken cancellation);

    /// <summary>Reads the end of a chain as it is noted beside the entries.</summary>
    ValueTask<AuditHead> ReadHeadAsync(int chain, CancellationToken cancellation);

    /// <summary>Reads entries in order.</summary>
    ValueTask<IReadOnlyList<AuditEntry>> ReadAsync(int chain, long after, int limit, CancellationToken cancellation);

    /// <summary>Reads the entries of one subject, in order.</summary>
    ValueTask<IReadOnlyList<AuditEntry>> ReadOfAsync(int chain, string subject, CancellationToken cancellation);

    /// <summary>Reads the last position that was appended under a source; 0 before the first.</summary>
    ValueTask<long> ReadPositionAsync(int chain, string source, CancellationToken cancellation);

    /// <summary>Finds the key of a person's pseudonym, or null.</summary>
    ValueTask<byte[]?> FindSaltAsync(int chain, string person, CancellationToken cancellation);

    /// <summary>Keeps a key for a person, unless there is one, and gives the one that holds.</summary>
    ValueTask<byte[]> KeepSaltAsync(int chain, string person, byte[] salt, CancellationToken cancellation);

    /// <summary>Destroys a person's key: no entry can be told to be theirs any more.</summary>
    ValueTask DestroySaltAsync(int chain, string person, CancellationToken cancellation);
}
