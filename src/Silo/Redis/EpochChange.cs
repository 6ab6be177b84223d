using Confluent.Kafka;
using Personalization.Kafka.Durability;
using Personalization.Kafka.Reading;
using Personalization.Silo.Kafka;

namespace Personalization.Silo.Redis;

/// <summary>What a raised epoch needs before it may begin: that everything of the one before is folded.</summary>
/// <remarks>
/// Positions of the new epoch are higher than all of the old one. An event of the old epoch that came later would be taken for a known
/// one, and one that was folded and is read again under the new epoch would count twice. So the old epoch must be at its end, and where the
/// topic stays the same, reading goes on at that end.
/// </remarks>
internal static class EpochChange
{
    /// <summary>Checks that the epoch before is folded to its end, and has the new one begin there.</summary>
    /// <exception cref="OptionException">It is not, or the brokers can't be asked.</exception>
    public static async Task PrepareAsync(SiloOptions options, string topic, int epoch, IDurableOffsets positions, ILogger logger)
    {
        IReadOnlyList<(long Low, long High)> bounds;
        var settings = KafkaSettings.Of(options);
        settings.Topic = topic;
        try
        {
            bounds = await KafkaTopicBounds.ReadAsync(settings, logger, CancellationToken.None);
        }
        catch (KafkaException exception)
        {
            throw new OptionException(
                $"--topic-epoch: whether epoch {epoch} of topic {topic} is folded to its end can't be learnt from --kafka: "
                + $"{exception.Error.Reason}.");
        }

        var folded = new long?[bounds.Count];
        for (var partition = 0; partition < folded.Length; partition++)
        {
            folded[partition] = await positions.FindAsync(new PartitionKey(topic, epoch, partition), CancellationToken.None);
        }

        // One that ends before what was folded of it is not the one that was folded.
        if (folded.Zip(bounds).Any(pair => pair.First > pair.Second.High))
        {
            return;
        }

        var waiting = folded.Zip(bounds).Sum(pair => pair.Second.High - Math.Max(pair.First ?? 0, pair.Second.Low));
        if (waiting > 0)
        {
            throw new OptionException(
                $"--topic-epoch: {waiting} events of topic {topic} in epoch {epoch} are not folded yet, and epoch "
                + $"{options.TopicEpoch} would pass "
                + $"over them. Start with --topic {topic} --topic-epoch {epoch}, keep callers away, and raise it when "
                + $"personalization_kafka_lag is 0.");
        }

        for (var partition = 0; topic == options.Topic && partition < folded.Length; partition++)
        {
            await positions.SaveAsync(
                new PartitionKey(topic, options.TopicEpoch, partition), bounds[partition].High, CancellationToken.None);
        }
    }
}
