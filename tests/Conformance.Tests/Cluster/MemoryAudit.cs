using Personalization.Core.Privacy;
using Personalization.Grains.Audit;

namespace Personalization.Conformance.Tests.Cluster;

/// <summary>The audit trail of a cluster whose store is in memory.</summary>
internal sealed class MemoryAudit : IAuditStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<int, List<AuditEntry>> _chains = [];
    private readonly Dictionary<(int, string), long> _positions = [];
    private readonly Dictionary<(int, string), byte[]> _salts = [];

    public ValueTask<bool> TryAppendAsync(int chain, AuditEntry entry, string source, long position, CancellationToken cancellation)
    {
        lock (_gate)
        {
            var entries = Chain(chain);
            if (entries.Count != entry.Sequence - 1)
            {
                return new(false);
            }

            entries.Add(entry);
            _positions[(chain, source)] = position;
            return new(true);
        }
    }

    public ValueTask<AuditHead> ReadHeadAsync(int chain, CancellationToken cancellation)
    {
        lock (_gate)
        {
            return new(Chain(chain) is [.., var last] ? new AuditHead(last.Sequence, last.Hash) : AuditHead.Empty);
        }
    }

    public ValueTask<IReadOnlyList<AuditEntry>> ReadAsync(int chain, long after, int limit, CancellationToken cancellation)
    {
        lock (_gate)
        {
            return new([.. Chain(chain).Skip((int)after).Take(limit)]);
        }
    }

    public ValueTask<IReadOnlyList<AuditEntry>> ReadOfAsync(int chain, string subject, CancellationToken cancellation)
    {
        lock (_gate)
        {
            return new([.. Chain(chain).Where(entry => entry.Subject == subject)]);
        }
    }

    public ValueTask<long> ReadPositionAsync(int chain, string source, CancellationToken cancellation)
    {
        lock (_gate)
        {
            return new(_positions.GetValueOrDefault((chain, source)));
        }
    }

    public ValueTask<byte[]?> FindSaltAsync(int chain, string person, CancellationToken cancellation)
    {
        lock (_gate)
        {
            return new(_salts.GetValueOrDefault((chain, person)));
        }
    }

    public ValueTask<byte[]> KeepSaltAsync(int chain, string person, byte[] salt, CancellationToken cancellation)
    {
        lock (_gate)
        {
            _salts.TryAdd((chain, person), salt);
            return new(_salts[(chain, person)]);
        }
    }

    public ValueTask DestroySaltAsync(int chain, string person, CancellationToken cancellation)
    {
        lock (_gate)
        {
            _salts.Remove((chain, person));
            return default;
        }
    }

    private List<AuditEntry> Chain(int chain)
    {
        if (!_chains.TryGetValue(chain, out var entries))
        {
            _chains[chain] = entries = [];
        }

        return entries;
    }
}
