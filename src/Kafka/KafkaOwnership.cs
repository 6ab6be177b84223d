namespace Personalization.Kafka;

/// <summary>Who says which process reads which partition.</summary>
public enum KafkaOwnership
{
    /// <summary>The processes themselves: each computes the same shares from the members that are active.</summary>
    Membership,

    /// <summary>
    /// The brokers: processes join a consumer group, which hands partitions over cooperatively, and only after their readers have ended.
    /// </summary>
    Group,
}
