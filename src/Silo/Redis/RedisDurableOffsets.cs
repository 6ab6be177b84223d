using Personalization.Kafka.Durability;
using StackExchange.Redis;

namespace Personalization.Silo.Redis;

/// <summary>
/// How far each lane and partition is durable, in the store that the profiles are in: both survive together, or neither, and both go
/// back together where an older snapshot is restored.
/// </summary>
internal sealed class RedisDurableOffsets(IConnectionMultiplexer redis, SiloOptions options) : IDurableOffsets
{
    // Two silos may hold a lane for a moment: the slower one must not take back what the other has reported, nor count it again.
    private const string Advance = """
        local known = tonumber(redis.call('GET', KEYS[1])) or -1
        if known >= tonumber(ARGV[1]) or (ARGV[2] ~= '' and known ~= tonumber(ARGV[2])) then return known end
        redis.call('SET', KEYS[1], ARGV[1])
        redis.call('HINCRBY', KEYS[2], ARGV[3], ARGV[4])
        return tonumber(ARGV[1])
        """;

    private const string RaiseOnly = """
        local known = tonumber(redis.call('GET', KEYS[1]))
        if not known or known < tonumber(ARGV[1]) then redis.call('SET', KEYS[1], ARGV[1]) end
        """;

    public async ValueTask ReportAsync(LaneKey lane, long through, CancellationToken cancellation) =>
        await AdvanceAsync(lane, through, RedisValue.EmptyString, 0);

    /// <summary>Raises a lane's offset and the number of its durable events together, if the lane is still where the number was counted from.</summary>
    /// <param name="lane">The lane.</param>
    /// <param name="through">The offset through which it is durable now.</param>
    /// <param name="from">The offset through which it is thought to have been; −1 for none.</param>
    /// <param name="events">How many events it has between the two.</param>
    /// <returns>Through which offset it is durable now: another one where another activation reported meanwhile.</returns>
    public Task<long> AdvanceAsync(LaneKey lane, long through, long from, int events) => AdvanceAsync(lane, through, (RedisValue)from, events);

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

    private async Task<long> AdvanceAsync(LaneKey lane, long through, RedisValue from, int events) =>
        (long)await redis.GetDatabase().ScriptEvaluateAsync(
            Advance, [KeyOf(lane), RedisClusterCounts.EventsOf(options)], [through, from, lane.ToString(), events]);

    private RedisKey KeyOf(PartitionKey partition) => $"{options.ServiceId}/position/{partition}";

    private RedisKey KeyOf(LaneKey lane) => $"{options.ServiceId}/lane/{lane}";
}
