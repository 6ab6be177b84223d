namespace Personalization.Kafka.Producing;

/// <summary>The brokers did not confirm an event. Whether they have it is not known; the same event may be sent again.</summary>
public sealed class EventNotStoredException : Exception
{
    /// <summary>States why.</summary>
    public EventNotStoredException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
