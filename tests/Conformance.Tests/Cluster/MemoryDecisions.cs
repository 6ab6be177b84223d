using System.Buffers;
using System.Collections.Concurrent;
using Personalization.Core.Decisions;
using Personalization.Grains;

namespace Personalization.Conformance.Tests.Cluster;

/// <summary>Decisions that every process of the test finds.</summary>
internal sealed class MemoryDecisions : IDecisionMemory
{
    private readonly ConcurrentDictionary<DecisionId, byte[]> _records = new();

    public long Dropped => 0;

    public void Add(Decision decision)
    {
        var record = new ArrayBufferWriter<byte>();
        DecisionCodec.Write(record, decision);
        _records[decision.Id] = record.WrittenSpan.ToArray();
    }

    public ValueTask<IReadOnlyList<DecisionRecord>> FindOfAsync(string person) =>
        new([.. _records.Values.Select(record => DecisionCodec.Read(record)).Where(decision => decision.PersonId == person).OrderBy(decision => decision.Id.High)]);

    public async ValueTask<int> EraseAsync(string person) => (await FindOfAsync(person)).Count(decision => _records.TryRemove(decision.Id, out _));

    public ValueTask<DecisionRecord?> FindAsync(DecisionId id, CancellationToken cancellation) =>
        new(_records.TryGetValue(id, out var record) ? DecisionCodec.Read(record) : null);
}
