using Personalization.Grains.Counting;
using StackExchange.Redis;

namespace Personalization.Silo.Redis;

/// <summary>The cluster's counts, in the store that the profiles are in: both survive together, or neither.</summary>
/// <remarks>
/// Who is counted is remembered by a hash of 64 bits of the id, never the id: two in four billion people would be taken for one. The sets
/// are so many that each stays small, where Redis keeps 8 bytes for a number (<c>set-max-intset-entries</c>).
/// </remarks>
internal sealed class RedisClusterCounts(IConnectionMultiplexer redis, SiloOptions options) : IClusterCounts
{
    private const int SetBits = 16;

    private const string Add = "if redis.call('SADD', KEYS[1], ARGV[1]) == 1 then redis.call('INCR', KEYS[2]) end";
    private const string Remove = "if redis.call('SREM', KEYS[1], ARGV[1]) == 1 then redis.call('DECR', KEYS[2]) end";

    /// <summary>Gives the key of the hash that holds, for each lane, how many of its events are durable.</summary>
    public static RedisKey EventsOf(SiloOptions options) => $"{options.ServiceId}/events";

    public async ValueTask AddPersonAsync(string id) => await CountAsync(Add, id);

    public async ValueTask RemovePersonAsync(string id) => await CountAsync(Remove, id);

    public async ValueTask<ClusterCounts> ReadAsync()
    {
        var database = redis.GetDatabase();
        var people = database.StringGetAsync(People);
        var events = await database.HashValuesAsync(EventsOf(options));
        return new ClusterCounts(events.Sum(lane => (long)lane), (long)await people);
    }

    private RedisKey People => $"{options.ServiceId}/people";

    private Task<RedisResult> CountAsync(string script, string id)
    {
        var hash = Core.StableHash.Of(id);
        var set = hash >> (64 - SetBits);
        return redis.GetDatabase().ScriptEvaluateAsync(script, [$"{options.ServiceId}/people/{set:x4}", People], [(long)(hash & (ulong.MaxValue >> SetBits))]);
    }
}
