using Personalization.Kafka;
using Personalization.Silo.Lanes;

namespace Personalization.Silo.Kafka;

/// <summary>The one place that says how this product uses the topic.</summary>
internal static class KafkaSettings
{
    public static void Apply(KafkaStreamOptions target, SiloOptions options)
    {
        target.Brokers = options.Kafka;
        target.Topic = options.Topic;
        target.TopicEpoch = options.TopicEpoch;
        target.Group = $"{Topics.Group}.{options.ServiceId}";
        target.Ownership = options.Ownership;
        target.StreamNamespace = Topics.StreamNamespace;

        // Positions order a person's events only while all of them are in one partition.
        target.PinPartitions = true;
        foreach (var (name, value) in options.KafkaProperties)
        {
            target.Client[name] = value;
        }

        // A sender waits for its events; after this it is told to send again.
        target.Client.TryAdd("message.timeout.ms", "10000");
    }

    public static KafkaStreamOptions Of(SiloOptions options)
    {
        var settings = new KafkaStreamOptions();
        Apply(settings, options);
        return settings;
    }
}
