using Confluent.Kafka;
using Microsoft.Extensions.Logging.Abstractions;
using Personalization.Kafka.Reading;

namespace Personalization.Kafka;

/// <summary>Has the client itself say whether it can work with its properties, before anything relies on it. Nothing connects.</summary>
public static class KafkaClientCheck
{
    /// <summary>Checks options and client properties.</summary>
    /// <param name="knob">How the properties are called where they were given, for messages.</param>
    /// <param name="options">What to check.</param>
    /// <exception cref="KafkaOptionsException">Something is wrong; the message names the option, or the knob and the property.</exception>
    public static void Check(string knob, KafkaStreamOptions options)
    {
        try
        {
            KafkaOptionsCheck.Check(options.Topic, options);

            // Not an address that answers: a client tries to connect as soon as it is there.
            var idle = new KafkaStreamOptions { Brokers = "127.0.0.1:1", Topic = options.Topic, Group = options.Group };
            foreach (var (name, value) in options.Client)
            {
                idle.Client[name] = value;
            }

            KafkaClients.Producer(idle, "check", NullLogger.Instance).Dispose();
            KafkaClients.Consumer(idle, "check", NullLogger.Instance).Dispose();
        }
        catch (Exception refused) when (
            refused is KafkaOptionsException or InvalidOperationException or ArgumentException or KafkaException)
        {
            throw new KafkaOptionsException($"{knob}: {refused.Message}");
        }
    }
}
