using Personalization.Kafka.Durability;
using StackExchange.Redis;

namespace Personalization.Silo.Redis;

/// <summary>Which topic, in which epoch and over how many partitions, a service's profiles are folds of.</summary>
/// <remarks>
/// Offsets of two topics can't be compared: a silo of the same service on another topic would join the others, take its share of
/// partitions, and have events taken for known ones. So the first silo notes the topic, and others are held to it. A raised epoch
/// replaces the note, because it makes all positions later ones (<see cref="EpochChange"/>).
/// </remarks>
internal static class FoldedTopic
{
    private const string Claim = """
        local epoch = tonumber(redis.call('HGET', KEYS[1], 'epoch'))
        local topic = redis.call('HGET', KEYS[1], 'topic')
        local mine = tonumber(ARGV[1])
        if epoch and (epoch > mine or (epoch == mine and topic ~= ARGV[2])) then return topic .. ' in epoch ' .. epoch end
        if epoch ~= mine then
            redis.call('HSET', KEYS[1], 'epoch', ARGV[1], 'topic', ARGV[2])
            redis.call('HDEL', KEYS[1], 'partitions')
        end
        return nil
        """;

    private const string Pin = """
        if tonumber(redis.call('HGET', KEYS[1], 'epoch')) ~= tonumber(ARGV[1]) then return nil end
        redis.call('HSETNX', KEYS[1], 'partitions', ARGV[2])
        return redis.call('HGET', KEYS[1], 'partitions')
        """;

    /// <summary>Notes the topic, or finds that it is the one noted.</summary>
    /// <exception cref="OptionException">Another is noted, or what is noted is not folded to its end.</exception>
    public static async Task ClaimAsync(IConnectionMultiplexer redis, SiloOptions options, IDurableOffsets positions, ILogger logger)
    {
        var noted = await redis.GetDatabase().HashGetAsync(KeyOf(options), ["topic", "epoch"]);
        if (!noted[1].IsNull && (int)noted[1] < options.TopicEpoch)
        {
            await EpochChange.PrepareAsync(options, noted[0]!, (int)noted[1], positions, logger);
        }

        var other = (string?)await redis.GetDatabase().ScriptEvaluateAsync(Claim, [KeyOf(options)], [options.TopicEpoch, options.Topic]);
        if (other is not null)
        {
            throw new OptionException(
                $"--topic: the profiles of service {options.ServiceId} are folds of topic {other}, and this silo was told "
                + $"{options.Topic} in epoch "
                + $"{options.TopicEpoch}. Another service needs another --service-id; for a new topic of this one raise --topic-epoch.");
        }
    }

    /// <summary>Notes how many partitions people are spread over in this epoch, or gets what was noted.</summary>
    /// <exception cref="InvalidOperationException">The service has gone on to another epoch.</exception>
    public static async ValueTask<int> PinAsync(IConnectionMultiplexer redis, SiloOptions options, int found)
    {
        var pinned = await redis.GetDatabase().ScriptEvaluateAsync(Pin, [KeyOf(options)], [options.TopicEpoch, found]);
        return pinned.IsNull
            ? throw new InvalidOperationException(
                $"The service has gone on to another epoch than {options.TopicEpoch}; restart with its --topic-epoch.")
            : (int)pinned;
    }

    private static RedisKey KeyOf(SiloOptions options) => $"{options.ServiceId}/topic";
}
