using StackExchange.Redis;

namespace Personalization.Silo.Redis;

/// <summary>Which topic, in which epoch, a service's profiles are folds of.</summary>
/// <remarks>
/// Offsets of two topics can't be compared: a silo of the same service on another topic would join the others, take its share of
/// partitions, and have events taken for known ones. So the first silo notes the topic, and others are held to it. A raised epoch
/// replaces the note, because it makes all positions later ones.
/// </remarks>
internal static class FoldedTopic
{
    private const string Claim = """
        local epoch = tonumber(redis.call('HGET', KEYS[1], 'epoch'))
        local topic = redis.call('HGET', KEYS[1], 'topic')
        if epoch and (epoch > tonumber(ARGV[1]) or (epoch == tonumber(ARGV[1]) and topic ~= ARGV[2])) then return topic .. ' in epoch ' .. epoch end
        if epoch ~= tonumber(ARGV[1]) then redis.call('HSET', KEYS[1], 'epoch', ARGV[1], 'topic', ARGV[2]) end
        return nil
        """;

    /// <summary>Notes the topic, or finds that it is the one noted.</summary>
    /// <exception cref="OptionException">Another is noted.</exception>
    public static async Task ClaimAsync(IConnectionMultiplexer redis, SiloOptions options)
    {
        if ((string?)await redis.GetDatabase().ScriptEvaluateAsync(Claim, [$"{options.ServiceId}/topic"], [options.TopicEpoch, options.Topic]) is { } other)
        {
            throw new OptionException(
                $"--topic: the profiles of service {options.ServiceId} are folds of topic {other}, and this silo was told {options.Topic} in epoch "
                + $"{options.TopicEpoch}. Another service needs another --service-id; for a new topic of this one raise --topic-epoch.");
        }
    }
}
