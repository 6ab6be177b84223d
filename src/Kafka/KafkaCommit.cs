using Personalization.Kafka.Durability;

namespace Personalization.Kafka;

/// <summary>When a record counts as done.</summary>
public enum KafkaCommit
{
    /// <summary>
    /// When its delivery returned without an exception. For consumers that store before they return; what others hold in memory is
    /// lost in a crash.
    /// </summary>
    Delivered,

    /// <summary>
    /// When its lane's consumer reported it durable through <see cref="IDurableOffsets"/>. For consumers that store later.
    /// </summary>
    Durable,
}
