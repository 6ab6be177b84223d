namespace Personalization.Kafka;

/// <summary>An option has a value with which reading can't be safe.</summary>
public sealed class KafkaOptionsException : Exception
{
    /// <summary>States which option it is and what would be right.</summary>
    public KafkaOptionsException(string message)
        : base(message)
    {
    }
}
