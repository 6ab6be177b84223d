namespace Personalization.Kafka;

/// <summary>Who says which process reads which partition.</summary>
public enum KafkaOwnership
{
    /// <summary>The processes themselves: each computes the same shares from the members that are active.</summary>
    Membership,

    /// <summary>
    /// The brokers: processes join the consumer group, partitions are handed over cooperatively, and who was put out of the group can't
    /// commit any more.
    /// </summary>
    Group,
}
