using Personalization.Kafka.Durability;
using StackExchange.Redis;

namespace Personalization.Silo.Redis;

/// <summary>
/// How far each lane and partition is durable, in the store that the profiles are in: both survive together, or neither, and both go
/// back together where an older snapshot is restored.
/// </summary>
internal sealed class RedisDurableOffsets(IConnectionMultiplexer redis, SiloOptions options) : IDurableOffsets
{
    // Two silos may hold a lane for a moment, and the slower one must not take back what the other has reported.
    private const string RaiseOnly = """
        local known = tonumber(redis.call('GET', KEYS[1]))
        if not known or known < tonumber(ARGV[1]) then redis.call('SET', KEYS[1], ARGV[1]) end
        """;

    public async ValueTask ReportAsync(LaneKey lane, long through, CancellationToken cancellation) =>
        await redis.GetDatabase().ScriptEvaluateAsync(RaiseOnly, [KeyOf(lane)], [through]);

    public async ValueTask<IReadOnlyList<long?>> ReadAsync(IReadOnlyList<LaneKey> lanes, CancellationToken cancellation)
    {
        var values = await redis.GetDatabase().StringGetAsync([.. lanes.Select(KeyOf)]);
        return [.. values.Select(value => value.IsNull ? (long?)null : (long)value)];
    }

    public ValueTask<int> PinPartitionsAsync(string topic, int epoch, int found, CancellationToken cancellation) =>
        FoldedTopic.PinAsync(redis, options, found);

    public async ValueTask<long?> FindAsync(PartitionKey partition, CancellationToken cancellation)
    {
        var next = await redis.GetDatabase().StringGetAsync(KeyOf(partition));
        return next.IsNull ? null : (long)next;
    }

    public async ValueTask SaveAsync(PartitionKey partition, long next, CancellationToken cancellation) =>
        await redis.GetDatabase().ScriptEvaluateAsync(RaiseOnly, [KeyOf(partition)], [next]);

    private RedisKey KeyOf(PartitionKey partition) => $"{options.ServiceId}/position/{partition}";

    private RedisKey KeyOf(LaneKey lane) => $"{options.ServiceId}/lane/{lane}";
}
