using Personalization.Core.Ingestion;

namespace Personalization.Kafka;

/// <summary>Refuses options that can't work, before anything connects.</summary>
public static class KafkaOptionsCheck
{
    // With these a client would commit, skip or lose on its own account.
    private static readonly Dictionary<string, string> Reserved = new(StringComparer.Ordinal)
    {
        ["bootstrap.servers"] = nameof(KafkaStreamOptions.Brokers),
        ["metadata.broker.list"] = nameof(KafkaStreamOptions.Brokers),
        ["group.id"] = nameof(KafkaStreamOptions.Group),
        ["auto.offset.reset"] = nameof(KafkaStreamOptions.Start),
        ["partition.assignment.strategy"] = nameof(KafkaStreamOptions.Ownership),
        ["enable.auto.commit"] = nameof(KafkaStreamOptions.CommitWhen),
        ["enable.auto.offset.store"] = nameof(KafkaStreamOptions.CommitWhen),
        ["auto.commit.interval.ms"] = nameof(KafkaStreamOptions.CommitInterval),
        ["acks"] = "",
        ["request.required.acks"] = "",
        ["enable.idempotence"] = "",
    };

    /// <summary>Checks options.</summary>
    /// <param name="name">How the reader is called in messages.</param>
    /// <param name="options">What to check.</param>
    /// <exception cref="KafkaOptionsException">One is wrong; the message names the option and says what would be right.</exception>
    public static void Check(string name, KafkaStreamOptions options)
    {
        Require(!string.IsNullOrWhiteSpace(options.Brokers), name, nameof(options.Brokers),
            "names no broker; for example 'kafka-1:9092,kafka-2:9092'.");
        Require(!string.IsNullOrWhiteSpace(options.Topic), name, nameof(options.Topic), "names no topic.");
        Require(!string.IsNullOrWhiteSpace(options.Group), name, nameof(options.Group), "names no consumer group.");
        Require(options.TopicEpoch >= 0, name, nameof(options.TopicEpoch), "must be 0 or more.");
        Require(!string.IsNullOrWhiteSpace(options.StreamNamespace), name, nameof(options.StreamNamespace), "is empty.");
        Require(
            options.LanesPerPartition is >= 1 and <= LanePlan.MaxLanes,
            name,
            nameof(options.LanesPerPartition),
            $"must be 1 to {LanePlan.MaxLanes}.");
        Require(options.MaxBufferedRecords >= 1, name, nameof(options.MaxBufferedRecords), "must be 1 or more.");
        Require(options.MaxBufferedBytes >= 1, name, nameof(options.MaxBufferedBytes), "must be 1 or more.");
        Require(options.MaxBatchRecords >= 1, name, nameof(options.MaxBatchRecords), "must be 1 or more.");
        Require(options.MaxBatchBytes >= 1, name, nameof(options.MaxBatchBytes), "must be 1 or more.");
        Require(options.EffectiveDeadLetterTopic != options.Topic, name, nameof(options.DeadLetterTopic),
            "must not be the topic that is read.");
        RequireTime(options.CommitInterval, name, nameof(options.CommitInterval));
        RequireTime(options.MetadataInterval, name, nameof(options.MetadataInterval));
        RequireTime(options.RequestTimeout, name, nameof(options.RequestTimeout));
        RequireTime(options.MaxRetryDelay, name, nameof(options.MaxRetryDelay));
        RequireTime(options.StallWarning, name, nameof(options.StallWarning));
        RequireTime(options.RedeliverAfter, name, nameof(options.RedeliverAfter));
        foreach (var property in options.Client.Keys)
        {
            if (Reserved.TryGetValue(property, out var option))
            {
                throw new KafkaOptionsException(
                    $"Kafka streams '{name}': '{nameof(options.Client)}:{property}' can't be set"
                    + (option.Length > 0 ? $"; use '{option}'." : ": records are always written with acks=all and idempotence."));
            }
        }
    }

    private static void RequireTime(TimeSpan value, string name, string option) =>
        Require(value > TimeSpan.Zero && value <= TimeSpan.FromDays(1), name, option, "must be more than zero and at most a day.");

    private static void Require(bool holds, string name, string option, string rule)
    {
        if (!holds)
        {
            throw new KafkaOptionsException($"Kafka streams '{name}': '{option}' {rule}");
        }
    }
}
