namespace Personalization.Kafka;

/// <summary>Where reading starts when the group has no position yet.</summary>
public enum KafkaStartPosition
{
    /// <summary>At the oldest record that the topic still holds.</summary>
    Earliest,

    /// <summary>After the newest record.</summary>
    Latest,
}
