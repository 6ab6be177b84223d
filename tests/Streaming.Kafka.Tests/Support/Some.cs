using Personalization.Core.Events;

namespace Personalization.Streaming.Kafka.Tests.Support;

/// <summary>Events to write, that tell who they are.</summary>
internal static class Some
{
    public static string Person(int partition, int person) => $"person-{partition}-{person}";

    /// <summary>The i-th event of a partition: its person by turns, its number per person as the message id.</summary>
    public static Event Event(int partition, int i, int people) => new()
    {
        MessageId = (i / people).ToString("D8", System.Globalization.CultureInfo.InvariantCulture),
        Type = "view",
        Timestamp = 1_700_000_000_000,
        ReceivedAt = 1_700_000_000_000,
        UserId = Person(partition, i % people),
    };
}
